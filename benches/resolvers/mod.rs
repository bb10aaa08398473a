//! What would an ordinary user of async-graphql write over the same graph? A dynamic schema with one
//! resolver for each field, no look-ahead, no batches. Filters are plain arguments: `resolvers` shows
//! what resolving costs, not what a filter language costs.

use async_graphql::dynamic::{
    Field, FieldFuture, FieldValue, InputValue, Object, ResolverContext, Schema, TypeRef,
};
use async_graphql::{Error, Value};
use guitu::graph::{Edge, Node, Snapshot};
use guitu::ontology::{Ontology, RelationshipId, TypeId};
use guitu::value::Cell;
use std::cmp::Reverse;
use std::sync::Arc;

/// The four questions in the words of this schema; their answers are the same bytes.
pub const QUESTIONS: [&str; 4] = [
    r#"{ person(key: "n4711") { id key name born joined income active role } }"#,
    r#"{ counties(returneesFrom: "城7", cluster: "产品17", limit: 20) { name population
        returneesFromConnection(name: "城7") { edges { properties { scope period people } } }
        clustersConnection { edges { node { name } properties { rank basis } } } } }"#,
    r#"{ county(key: "x42") { name returnees(limit: 50) { name cameFrom { name partOf { name } } platform { name } } } }"#,
    r#"{ persons(limit: 1000) { key name born joined income active } }"#,
];

/// The languages of a request without `Accept-Language`.
const LANGUAGES: [&str; 2] = ["zh", "en"];

/// An edge and the node at its other end.
#[derive(Clone, Copy)]
struct Link(Edge, Node);

type Answer<T> = Result<T, Error>;

/// The schema, with the graph as its data.
pub fn schema(snapshot: Arc<Snapshot>) -> Result<Schema, String> {
    let ontology = snapshot.ontology().clone();
    let types = Types::of(&ontology).ok_or("the world's types")?;
    let builder = Schema::build("Query", None, None)
        .data(snapshot)
        .register(query(&types))
        .register(person(&ontology, &types))
        .register(county(&ontology, &types))
        .register(named("City", &ontology, types.city).field(part_of(types.part_of, "Province")))
        .register(named("Province", &ontology, types.province))
        .register(named("Platform", &ontology, types.platform))
        .register(named("Product", &ontology, types.product))
        .register(properties("ReturnRoute", &ontology, types.route))
        .register(properties("Cluster", &ontology, types.cluster));
    let builder = connection(builder, "Route", None, "ReturnRoute");
    let builder = connection(builder, "Cluster", Some("Product"), "Cluster");
    builder.finish().map_err(|error| error.to_string())
}

/// Where the world's types stand in the ontology.
struct Types {
    person: TypeId,
    county: TypeId,
    city: TypeId,
    province: TypeId,
    platform: TypeId,
    product: TypeId,
    route: RelationshipId,
    cluster: RelationshipId,
    returned: RelationshipId,
    came: RelationshipId,
    sells: RelationshipId,
    part_of: RelationshipId,
}

impl Types {
    fn of(ontology: &Ontology) -> Option<Self> {
        Some(Self {
            person: ontology.type_named("Person")?,
            county: ontology.type_named("County")?,
            city: ontology.type_named("City")?,
            province: ontology.type_named("Province")?,
            platform: ontology.type_named("Platform")?,
            product: ontology.type_named("Product")?,
            route: ontology.relationship_named("RETURN_ROUTE")?,
            cluster: ontology.relationship_named("HAS_CLUSTER")?,
            returned: ontology.relationship_named("RETURNED_TO")?,
            came: ontology.relationship_named("CAME_FROM")?,
            sells: ontology.relationship_named("SELLS_ON")?,
            part_of: ontology.relationship_named("PART_OF")?,
        })
    }
}

fn graph<'a>(context: &ResolverContext<'a>) -> Answer<&'a Arc<Snapshot>> {
    context.data::<Arc<Snapshot>>()
}

fn node_of(context: &ResolverContext<'_>) -> Answer<Node> {
    match context.parent_value.downcast_ref::<Link>() {
        Some(Link(_, node)) => Ok(*node),
        None => context.parent_value.try_downcast_ref::<Node>().copied(),
    }
}

fn nodes(found: impl IntoIterator<Item = Node>) -> Option<FieldValue<'static>> {
    Some(FieldValue::list(
        found.into_iter().map(FieldValue::owned_any),
    ))
}

/// A plain function that answers a field; only tells the compiler that it serves any lifetime.
fn resolver<F>(resolve: F) -> F
where
    F: for<'a> Fn(&ResolverContext<'a>) -> Answer<Option<FieldValue<'a>>>,
{
    resolve
}

/// A field that a plain function answers.
fn field(
    name: &str,
    of: TypeRef,
    resolve: impl for<'a> Fn(&ResolverContext<'a>) -> Answer<Option<FieldValue<'a>>>
    + Send
    + Sync
    + Clone
    + 'static,
) -> Field {
    Field::new(name, of, move |context| {
        let resolve = resolve.clone();
        FieldFuture::new(async move { resolve(&context) })
    })
}

fn text(name: &str) -> InputValue {
    InputValue::new(name, TypeRef::named_nn(TypeRef::STRING))
}

fn limit() -> InputValue {
    InputValue::new("limit", TypeRef::named_nn(TypeRef::INT))
}

fn query(types: &Types) -> Object {
    let by_key = |of: TypeId| {
        resolver(move |context| {
            let key = context.args.try_get("key")?;
            Ok(graph(context)?
                .node(of, key.string()?)
                .map(FieldValue::owned_any))
        })
    };
    let person = types.person;
    let persons = resolver(move |context| {
        let limit = context.args.try_get("limit")?.u64()? as usize;
        Ok(nodes(graph(context)?.nodes(person).take(limit)))
    });
    let (county, city, product) = (types.county, types.city, types.product);
    let (route, cluster) = (types.route, types.cluster);
    let counties = resolver(move |context| {
        let snapshot = graph(context)?;
        let from = context.args.try_get("returneesFrom")?;
        let limit = context.args.try_get("limit")?.u64()? as usize;
        let wanted = context.args.try_get("cluster")?;
        let products = with_name(snapshot, product, wanted.string()?);
        let mut found = Vec::new();
        for city in with_name(snapshot, city, from.string()?) {
            let counties = links(snapshot, route, city).map(|Link(_, county)| county);
            let has = |county: &Node| {
                links(snapshot, cluster, *county)
                    .any(|Link(_, product)| products.contains(&product))
            };
            found.extend(counties.filter(has));
        }
        found.sort_by_key(|node| Reverse(population(snapshot, county, *node)));
        found.truncate(limit);
        Ok(nodes(found))
    });
    Object::new("Query")
        .field(
            field("person", TypeRef::named("Person"), by_key(types.person)).argument(text("key")),
        )
        .field(
            field("county", TypeRef::named("County"), by_key(types.county)).argument(text("key")),
        )
        .field(field("persons", TypeRef::named_nn_list_nn("Person"), persons).argument(limit()))
        .field(
            field("counties", TypeRef::named_nn_list_nn("County"), counties)
                .argument(text("returneesFrom"))
                .argument(text("cluster"))
                .argument(limit()),
        )
}

fn population(snapshot: &Snapshot, of: TypeId, node: Node) -> Option<i64> {
    let at = snapshot.ontology().node_type(of).property("population")?;
    match snapshot.cell(node, at) {
        Cell::Int(population) => Some(population),
        _ => None,
    }
}

/// The nodes of a type with a name, from the index.
fn with_name(snapshot: &Snapshot, of: TypeId, name: &str) -> Vec<Node> {
    let at = snapshot.ontology().node_type(of).property("name");
    let index = at.and_then(|at| snapshot.index(of, at));
    let rows = index.map(|index| index.equal(Cell::Str(name)));
    let rows = rows.iter().flat_map(|rows| rows.iter());
    rows.map(|row| Node { of, row }).collect()
}

/// The links of a node, whichever end it is.
fn links(
    snapshot: &Snapshot,
    of: RelationshipId,
    node: Node,
) -> impl Iterator<Item = Link> + use<'_> {
    snapshot.segments(of).iter().flat_map(move |id| {
        let segment = snapshot.segment(*id);
        let (other, neighbours) = match segment.source == node.of {
            true => (segment.target, segment.out(node.row)),
            false if segment.target == node.of => (segment.source, segment.into(node.row)),
            false => (segment.source, segment.into(u32::MAX)),
        };
        neighbours.map(move |(row, at)| Link(Edge { segment: *id, at }, Node { of: other, row }))
    })
}

/// A GraphQL value of a stored one.
fn value(cell: Cell<'_>, ontology: &Ontology, of_enum: Option<u16>) -> Option<FieldValue<'static>> {
    Some(FieldValue::value(match (cell, of_enum) {
        (Cell::Null, _) => return None,
        (Cell::Bool(v), _) => Value::from(v),
        (Cell::Int(v), _) => Value::from(v),
        // Written without a fraction, as Guitu does.
        (Cell::Float(v), _) if v.fract() == 0.0 => Value::from(v as i64),
        (Cell::Float(v), _) => Value::from(v),
        (Cell::Str(v), _) => Value::from(v),
        (Cell::Date(v), _) => Value::from(v.to_string()),
        (Cell::Period(v), _) => Value::from(v.to_string()),
        (Cell::Texts(v), _) => Value::from(v.first_of(&LANGUAGES)?),
        (Cell::Enum(v), Some(of)) => {
            Value::from(&*ontology.enums[usize::from(of)].values[usize::from(v)].name)
        }
        _ => return None,
    }))
}

/// A stored property of nodes.
fn property(name: &'static str, of: &str, ontology: &Ontology, id: TypeId) -> Field {
    let declared = ontology.node_type(id);
    let at = declared.property(name).unwrap_or(usize::MAX);
    let of_enum = declared.properties.get(at).and_then(|p| enum_of(p.scalar));
    field(name, TypeRef::named(of), move |context| {
        let snapshot = graph(context)?;
        let cell = snapshot.cell(node_of(context)?, at);
        Ok(value(cell, snapshot.ontology(), of_enum))
    })
}

fn enum_of(scalar: guitu::value::Scalar) -> Option<u16> {
    match scalar {
        guitu::value::Scalar::Enum(of) => Some(of),
        _ => None,
    }
}

/// A type with a name.
fn named(name: &'static str, ontology: &Ontology, id: TypeId) -> Object {
    Object::new(name).field(property("name", TypeRef::STRING, ontology, id))
}

fn to_one(name: &str, of: &str, relationship: RelationshipId) -> Field {
    field(name, TypeRef::named(of), move |context| {
        let mut links = links(graph(context)?, relationship, node_of(context)?);
        Ok(links
            .next()
            .map(|Link(_, node)| FieldValue::owned_any(node)))
    })
}

fn part_of(relationship: RelationshipId, of: &str) -> Field {
    field("partOf", TypeRef::named(of), move |context| {
        let (snapshot, node) = (graph(context)?, node_of(context)?);
        let mut segments = snapshot.segments(relationship).iter();
        let found =
            segments.find_map(|id| snapshot.neighbours(*id, node, true).next().map(|n| (id, n)));
        Ok(found.map(|(id, (row, _))| {
            let of = snapshot.segment(*id).target;
            FieldValue::owned_any(Node { of, row })
        }))
    })
}

fn person(ontology: &Ontology, types: &Types) -> Object {
    let own = |name, of| property(name, of, ontology, types.person);
    named("Person", ontology, types.person)
        .field(field("id", TypeRef::named_nn(TypeRef::ID), |context| {
            let key = graph(context)?.key(node_of(context)?);
            Ok(Some(FieldValue::value(format!("Person:{key}"))))
        }))
        .field(field(
            "key",
            TypeRef::named_nn(TypeRef::STRING),
            |context| {
                Ok(Some(FieldValue::value(
                    graph(context)?.key(node_of(context)?),
                )))
            },
        ))
        .field(own("born", TypeRef::INT))
        .field(own("joined", TypeRef::STRING))
        .field(own("income", TypeRef::FLOAT))
        .field(own("active", TypeRef::BOOLEAN))
        .field(own("role", TypeRef::STRING))
        .field(to_one("cameFrom", "City", types.came))
        .field(to_one("platform", "Platform", types.sells))
}

fn county(ontology: &Ontology, types: &Types) -> Object {
    let (route, cluster, returned) = (types.route, types.cluster, types.returned);
    let city = types.city;
    let returnees = resolver(move |context| {
        let limit = context.args.try_get("limit")?.u64()? as usize;
        let found = links(graph(context)?, returned, node_of(context)?).take(limit);
        Ok(nodes(found.map(|Link(_, node)| node)))
    });
    let routes = resolver(move |context| {
        let (snapshot, name) = (graph(context)?, context.args.try_get("name")?);
        let from = with_name(snapshot, city, name.string()?);
        let found = links(snapshot, route, node_of(context)?);
        let found: Vec<Link> = found.filter(|Link(_, city)| from.contains(city)).collect();
        Ok(Some(FieldValue::owned_any(found)))
    });
    let clusters = resolver(move |context| {
        let found: Vec<Link> = links(graph(context)?, cluster, node_of(context)?).collect();
        Ok(Some(FieldValue::owned_any(found)))
    });
    named("County", ontology, types.county)
        .field(property("population", TypeRef::INT, ontology, types.county))
        .field(field("returnees", TypeRef::named_nn_list_nn("Person"), returnees).argument(limit()))
        .field(
            field(
                "returneesFromConnection",
                TypeRef::named_nn("RouteConnection"),
                routes,
            )
            .argument(text("name")),
        )
        .field(field(
            "clustersConnection",
            TypeRef::named_nn("ClusterConnection"),
            clusters,
        ))
}

/// A connection type and its edge type.
fn connection(
    builder: async_graphql::dynamic::SchemaBuilder,
    name: &str,
    node: Option<&str>,
    properties: &str,
) -> async_graphql::dynamic::SchemaBuilder {
    let (whole, edge) = (format!("{name}Connection"), format!("{name}Edge"));
    let edges = field("edges", TypeRef::named_nn_list_nn(&*edge), |context| {
        let links = context.parent_value.try_downcast_ref::<Vec<Link>>()?;
        Ok(Some(FieldValue::list(
            links.iter().map(|link| FieldValue::borrowed_any(link)),
        )))
    });
    let link = resolver(|context| {
        let link = context.parent_value.try_downcast_ref::<Link>()?;
        Ok(Some(FieldValue::owned_any(*link)))
    });
    let mut of_edge =
        Object::new(edge).field(field("properties", TypeRef::named_nn(properties), link));
    if let Some(node) = node {
        of_edge = of_edge.field(field("node", TypeRef::named_nn(node), link));
    }
    builder
        .register(Object::new(whole).field(edges))
        .register(of_edge)
}

/// The declared properties of an edge type.
fn properties(name: &str, ontology: &Ontology, id: RelationshipId) -> Object {
    let declared = &ontology.relationship(id).properties;
    declared
        .iter()
        .enumerate()
        .fold(Object::new(name), |object, (at, property)| {
            let of_enum = enum_of(property.scalar);
            let of = match property.scalar {
                guitu::value::Scalar::Int => TypeRef::INT,
                _ => TypeRef::STRING,
            };
            object.field(field(&property.name, TypeRef::named(of), move |context| {
                let Link(edge, _) = *context.parent_value.try_downcast_ref::<Link>()?;
                let snapshot = graph(context)?;
                Ok(value(
                    snapshot.edge_cell(edge, at),
                    snapshot.ontology(),
                    of_enum,
                ))
            }))
        })
}
