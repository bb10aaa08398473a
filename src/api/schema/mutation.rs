//! What can be written at the root? The fields of `Mutation` and their payloads. Not for: what is
//! given to them (`inputs`).

use super::definition::{Definition, Member, members};
use crate::ontology::{Ontology, TypeId, names::TypeNames};

/// The type `Mutation`, and what its fields answer.
pub(super) fn definitions(ontology: &Ontology) -> Vec<Definition> {
    let mut fields = vec![commit()];
    let mut payloads = vec![committed()];
    for id in (0..ontology.concrete).map(TypeId) {
        let of = ontology.node_type(id);
        let numbers = of.properties.iter().any(|p| p.is_number());
        let lists = of.properties.iter().any(|p| p.list);
        let of_type = [
            create(of.names()),
            update(of.names(), numbers, lists),
            upsert(of.names()),
            delete_nodes(of.names()),
        ];
        fields.extend(of_type.map(|field| field.deprecate(&of.deprecated)));
        payloads.push(payload(of.names(), &of.name));
    }
    for of in ontology.relationships.iter().filter(|of| of.declared) {
        let numbers = of.properties.iter().any(|p| p.is_number());
        let lists = of.properties.iter().any(|p| p.list);
        let of_type = [
            create(of.names()),
            update(of.names(), numbers, lists),
            delete_edges(of.names()),
        ];
        fields.extend(of_type.map(|field| field.deprecate(&of.deprecated)));
        payloads.push(payload(of.names(), &of.type_name));
    }
    let root = Definition::object("Mutation", fields).about(
        "One operation is one transaction: all its fields, in order, or nothing. It is answered after \
         it is durable.",
    );
    payloads.insert(0, root);
    payloads
}

fn commit() -> Member {
    let arguments = vec![
        Member::new("message", "String").about("Why."),
        Member::new("references", "[ReferenceInput!]")
            .about("Which documents the change is taken from."),
    ];
    Member::new("commit", "CommitMutation!")
        .with(arguments)
        .about("Tells why the other fields are written. Comes first.")
}

fn committed() -> Definition {
    Definition::object("CommitMutation", vec![revision()])
}

fn revision() -> Member {
    Member::new("revision", "Revision!").about("The commit; the latest one if nothing changed.")
}

fn answered(name: String, of: TypeNames<'_>) -> Member {
    Member::new(name, format!("{}!", of.mutation()))
}

fn create(of: TypeNames<'_>) -> Member {
    let input = Member::new("input", format!("[{}!]!", of.input()));
    answered(of.create(), of).with(vec![input])
}

fn which(of: TypeNames<'_>) -> Member {
    Member::new("where", format!("{}!", of.where_input()))
}

fn update(of: TypeNames<'_>, numbers: bool, lists: bool) -> Member {
    let mut arguments = vec![which(of), Member::new("set", of.set())];
    if numbers {
        arguments.push(Member::new("increment", of.increment()).about("Adds to numbers."));
    }
    if lists {
        let add = Member::new("add", of.lists()).about("Appends to lists.");
        let remove = Member::new("remove", of.lists());
        arguments.extend([add, remove.about("Takes elements out of lists.")]);
    }
    let since = Member::new("ifRevision", "Revision");
    arguments.push(since.about("Fails if one of them was changed after this commit."));
    answered(of.update(), of).with(arguments)
}

fn upsert(of: TypeNames<'_>) -> Member {
    let input = Member::new("input", format!("[{}!]!", of.upsert_input()));
    answered(of.upsert(), of)
        .with(vec![input])
        .about("Creates them, or updates those whose keys exist.")
}

fn delete_nodes(of: TypeNames<'_>) -> Member {
    let cascade = Member::new("cascade", "Boolean")
        .or("false")
        .about("Deletes their edges too; without it a node that has edges is not deleted.");
    answered(of.delete(), of)
        .with(vec![which(of).about("`{}`: all."), cascade])
        .about("Deletes all that match.")
}

fn delete_edges(of: TypeNames<'_>) -> Member {
    answered(of.delete(), of)
        .with(vec![which(of).about("`{}`: all.")])
        .about("Deletes all that match.")
}

fn payload(of: TypeNames<'_>, record: &str) -> Definition {
    let records = Member::new(of.list(), format!("[{record}!]!")).about(
        "Those that were written, in the order of the input, as they are after the whole operation; \
         what was deleted is left out.",
    );
    let counts = [
        "created",
        "updated",
        "deleted",
        "relationshipsCreated",
        "relationshipsDeleted",
    ];
    let mut fields = vec![records];
    fields.extend(members(&counts, "Int!"));
    fields.push(revision());
    Definition::object(of.mutation(), fields)
}
