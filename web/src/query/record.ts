/**
 * What is asked about one record: its fields in all languages, its relationships with counts and
 * the first of each, and for every fact who says so. Reading the answers is model/record.ts.
 */
import { keyOf, typeOf, type FieldInfo, type Ontology, type RelationshipInfo, type TypeInfo } from "../model/ontology";
import { field, fields, on, query, type Asked, type Field } from "./text";

type Raw = Record<string, unknown>;

/** How many neighbours of a relationship a record shows at first. */
export const FIRST = 6;

export const REFERENCES = field("references", [
  field("source", fields("id", "label", "url", "file")),
  ...fields("locator", "fields", "note"),
]);

/** One record with everything about it. */
export function recordQuery(ontology: Ontology, id: string): Asked<{ record: Raw | null }> {
  const type = ontology.types.get(typeOf(id));
  const select = recordFields(ontology, type);
  if (type?.single) return query("Record", [field(type.single, select, { key: keyOf(id) }, "record")]);
  return query("Record", [field("node", select, { id }, "record")]);
}

function recordFields(ontology: Ontology, type: TypeInfo | undefined): Field[] {
  const properties = type?.fields.filter((info) => info.kind === "PROPERTY") ?? [];
  const links = type?.fields.filter((info) => info.kind !== "PROPERTY") ?? [];
  return [
    ...fields("id", "key", "label", "revision"),
    ...properties.flatMap(propertyFields),
    REFERENCES,
    ...links.map((info) => linkField(ontology, info, { first: FIRST })),
    ...(type?.name === "Source" ? [citedBy({ first: FIRST })] : []),
  ];
}

/** A property, and its texts in all languages where it has them. */
export function propertyFields(info: FieldInfo): Field[] {
  if (!info.localized) return [field(info.name)];
  return [field(info.name), field(`${info.name}Texts`, fields("lang", "value"))];
}

/** The built-in field of sources: who cites it. */
export function citedBy(args: Field["args"]): Field {
  return field("citedBy", [field("totalCount"), PAGE, field("edges", [field("node", fields("id", "label"))])], args);
}

const PAGE = field("pageInfo", fields("hasNextPage", "endCursor"));

/** A relationship or closure, page by page, with its edges' facts. */
export function linkField(ontology: Ontology, info: FieldInfo, args: Field["args"]): Field {
  const relationship = info.kind === "RELATIONSHIP" && info.relationship ? ontology.relationships.get(info.relationship) : undefined;
  const edge = [field("node", fields("id", "label")), ...(relationship ? [edgeFields(relationship)] : [])];
  return field(`${info.name}Connection`, [field("totalCount"), PAGE, field("edges", edge)], args);
}

function edgeFields(relationship: RelationshipInfo): Field {
  const properties = relationship.properties.map((info) => field(info.name));
  return field("properties", [field("id"), ...ENDS, ...properties, REFERENCES]);
}

/** Where an edge begins and ends. */
export const ENDS = [field("source", fields("id")), field("target", fields("id"))];

/** The next neighbours of a record by one of its fields. */
export function linkQuery(ontology: Ontology, id: string, link: string, first: number, after: string | null): Asked<{ node: Raw | null }> {
  const type = typeOf(id);
  const args = { first, ...(after && { after }) };
  const info = ontology.types.get(type)?.fields.find((one) => one.name === link);
  const asked = info ? linkField(ontology, info, args) : citedBy(args);
  return query("More", [field("node", [field("id"), on(type, [asked])], { id })]);
}
