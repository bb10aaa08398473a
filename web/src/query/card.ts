/**
 * What is asked of every record that is drawn: its name, its size, and where and when it is, if its
 * type says so. Also which types and edges can stand on a map or a timeline.
 */
import { groupBy } from "../model/group";
import type { FieldInfo, Ontology, RelationshipInfo, TypeInfo } from "../model/ontology";
import { ENDS, REFERENCES } from "./record";
import type { Path } from "../model/place";
import type { RawArc, RawEdge, RawNode } from "../model/card";
import { field, fields, name, on, query, type Asked, type Field } from "./text";

const PLACES = ["Point"];
const TIMES = ["Date", "DateTime", "Period"];

/** A field of a type that cards ask for, under the name that the answer gives it. */
export interface CardField {
  owner: string;
  info: FieldInfo;
  as: string;
}

export const isPlace = (info: FieldInfo): boolean => PLACES.includes(info.type) && !info.list;
export const isTime = (info: FieldInfo): boolean => TIMES.includes(info.type) && !info.list;

/** The fields of places and times, each asked once of the widest interface that has it. */
export function cardFields(ontology: Ontology): CardField[] {
  const found = new Map<string, CardField>();
  for (const type of ontology.nodeTypes) {
    for (const info of type.fields.filter((one) => isPlace(one) || isTime(one))) {
      const owner = ownerOf(ontology, type, info);
      found.set(`${owner}.${info.name}`, { owner, info, as: info.name });
    }
  }
  return distinct([...found.values()]);
}

/** The first interface with the same field, else the type itself. */
function ownerOf(ontology: Ontology, type: TypeInfo, info: FieldInfo): string {
  const has = (owner: string) =>
    ontology.types.get(owner)?.fields.some((one) => one.name === info.name && one.type === info.type && one.required === info.required);
  return type.interfaces.find(has) ?? type.name;
}

/** Two fields of one name and different types may not stand in one selection under that name. */
function distinct(all: CardField[]): CardField[] {
  const kinds = new Map<string, Set<string>>();
  for (const { info } of all) kinds.set(info.name, (kinds.get(info.name) ?? new Set()).add(`${info.type}${info.required}`));
  return all.map((one) => ((kinds.get(one.info.name)?.size ?? 0) > 1 ? { ...one, as: `${one.info.name}_${one.owner}` } : one));
}

/** A name, and how much hangs on it where anything can. */
const counted = (ontology: Ontology): Field[] => [...fields("id", "label"), ...(ontology.served.relationships.length ? [field("degree", fields("count"))] : [])];

/** How many edges a record has. */
export const linksOf = ({ degree }: { degree?: readonly { count: number }[] }): number => (degree ?? []).reduce((sum, one) => sum + one.count, 0);

/** The selection of a card. */
export function cardSelection(ontology: Ontology): Field[] {
  return [...counted(ontology), ...parts(cardFields(ontology))];
}

/** Fields of several types, each asked of those that have it. */
function parts(asked: readonly CardField[]): Field[] {
  const owners = groupBy(asked, ({ owner }) => owner);
  return [...owners].map(([owner, own]) => on(owner, own.map(({ info, as }) => field(info.name, undefined, undefined, as === info.name ? undefined : as))));
}

/** Nodes by their ids. */
export function cardsQuery(ontology: Ontology, ids: readonly string[]): Asked<{ nodes: (RawNode | null)[] }> {
  return query("Nodes", [field("nodes", cardSelection(ontology), { ids: [...ids] })]);
}

/** The dates and periods of edges; the owner is the type of the edges in the API. */
export const edgeTimes = (ontology: Ontology): CardField[] =>
  distinct(ontology.served.relationships.flatMap((one) => one.properties.filter(isTime).map((info) => ({ owner: one.name, info, as: info.name }))));

const edgeSelection = (ontology: Ontology): Field[] => [...fields("id", "type"), ...ENDS, ...parts(edgeTimes(ontology))];

/** The edges among nodes. */
export const edgesQuery = (ontology: Ontology, ids: readonly string[]): Asked<{ subgraph: { relationships: RawEdge[] } }> =>
  query("EdgesAmong", [field("subgraph", [field("relationships", edgeSelection(ontology))], { nodes: [...ids] })]);

/** What a canvas shows: these nodes, and the edges of these types among them. */
export function canvasQuery(ontology: Ontology, ids: readonly string[], types: readonly string[]): string {
  const nodes = cardSelection(ontology);
  if (types.length === 0) return query("View", [field("nodes", nodes, { ids: [...ids] })]);
  const args = { of: ids.map((id) => ({ id })), depth: 0, follow: follow(types), limit: Math.max(1, ids.length) };
  return query("View", [field("neighborhood", [field("nodes", nodes), field("relationships", edgeSelection(ontology))], args)]);
}

const follow = (types: readonly string[]) => types.map((type) => ({ type: name(type) }));

/** The ways from one record to another. */
export interface Paths {
  count: number;
  truncated: boolean;
  nodes: RawNode[];
  paths: { length: number; nodes: { id: string; label: string }[]; relationships: RawEdge[] }[];
}

/** The ways between two nodes. */
export function pathsQuery(ontology: Ontology, { from, to, mode, most, follow: types }: Path): Asked<{ paths: Paths }> {
  const limit = mode === "K_SHORTEST" ? { first: most } : mode === "ALL_SIMPLE" ? { maxLength: most } : {};
  const args = { from: { id: from }, to: { id: to }, mode: name(mode), ...limit, ...(types && { follow: follow(types) }) };
  const path = [field("length"), field("nodes", fields("id", "label")), field("relationships", edgeSelection(ontology))];
  return query("Paths", [field("paths", [...fields("count", "truncated"), field("paths", path), field("nodes", cardSelection(ontology))], args)]);
}

type Counted = Record<string, unknown> & { id: string; label: string; degree?: { count: number }[] };

/** Records of a type, and whether there are more. */
export interface Page {
  totalCount: number;
  pageInfo: { hasNextPage: boolean };
  nodes: Counted[];
}

/** The first records of a type, by its name or by a column. */
export function listQuery(ontology: Ontology, type: TypeInfo, find: string, sort: string | null, first: number): Asked<Record<string, Page>> {
  const column = sort?.replace(/^-/, "") ?? type.label;
  const order = column && [{ [column]: name(sort?.startsWith("-") ? "DESC" : "ASC") }];
  const args = { where: named(type, find), sort: order || undefined, first };
  const columns = shownColumns(type).map((info) => field(info.name));
  const select = [...counted(ontology), ...columns];
  const page = field("pageInfo", fields("hasNextPage"));
  return query("Records", [field(`${type.list}Connection`, [field("totalCount"), page, field("nodes", select)], args)]);
}

/** All of them, for an export. */
export const allQuery = (type: TypeInfo, find: string): string => query("All", [field(type.list ?? "", fields("id"), { where: named(type, find) })]);

const named = (type: TypeInfo, find: string) => (find && type.label ? { [type.label]: { contains: find, caseInsensitive: true } } : undefined);

/** Whether the server can put records in the order of this property. */
export const sortable = (info: FieldInfo): boolean => !info.list && !["Point", "JSON"].includes(info.type);

/** The properties that fit into a table: not the label, which stands first. */
export function shownColumns(type: TypeInfo): FieldInfo[] {
  return type.fields.filter((info) => info.kind === "PROPERTY" && info.name !== type.label);
}

/** Nodes of one type with the properties that a table shows. */
export function rowsQuery(type: TypeInfo, ids: readonly string[]): Asked<{ nodes: ({ id: string } & Record<string, unknown> | null)[] }> {
  const select = [...fields("id", "label"), on(type.name, shownColumns(type).map((info) => field(info.name)))];
  return query("Rows", [field("nodes", select, { ids: [...ids] })]);
}

/** Whether records of the type can stand on a map. */
export const canBePlaced = (ontology: Ontology, type: string): boolean => ontology.types.get(type)?.fields.some(isPlace) ?? false;

/** The relationships whose edges can be arcs on a map: edges can be listed, both ends always have a place. */
export function arcLayers(ontology: Ontology): RelationshipInfo[] {
  const placed = (type: string) => canBePlaced(ontology, type);
  return ontology.served.relationships
    .filter((one) => one.list && one.count > 0 && one.pairs.every(({ from, to }) => placed(from) && placed(to)))
    .sort((a, b) => b.count - a.count);
}

/** All edges of a relationship with their places, for the map. */
export const arcsQuery = (ontology: Ontology, layer: RelationshipInfo): string => query("Arcs", [arcs(ontology, layer)]);

function arcs(ontology: Ontology, layer: RelationshipInfo): Field {
  const end = [...fields("id", "label"), ...placeSelection(ontology)];
  const facts = layer.properties.map((info) => field(info.name));
  return field(layer.list ?? "", [...fields("id", "type"), field("source", end), field("target", end), ...facts, REFERENCES]);
}

/** Every record with a place, and a layer of arcs between them. */
export function mapQuery(ontology: Ontology, layer: RelationshipInfo | null): Asked<Record<string, (RawNode | RawArc)[]>> | null {
  const roots = new Map(
    cardFields(ontology)
      .filter(({ info }) => isPlace(info))
      .map(({ owner, info }) => [owner, info.name] as const),
  );
  const select = [...roots].flatMap(([owner, place]) => {
    const list = ontology.types.get(owner)?.list;
    const args = { where: { [place]: { isNull: false } } };
    return list ? [field(list, [...fields("id", "label"), field(place)], args)] : [];
  });
  return select.length === 0 ? null : query("Placed", [...select, ...(layer ? [arcs(ontology, layer)] : [])]);
}

const placeSelection = (ontology: Ontology): Field[] => parts(cardFields(ontology).filter(({ info }) => isPlace(info)));

/** Records of some types with how much hangs on them: where a person may begin. */
export function beginningsQuery(ontology: Ontology, types: readonly TypeInfo[]): Asked<Record<string, Counted[]>> {
  return query("Beginnings", types.map((type) => field(type.list ?? "", counted(ontology), { limit: 500 })));
}
