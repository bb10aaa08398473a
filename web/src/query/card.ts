/**
 * What is asked of every record that is drawn: its name, its size, and where and when it is, if its
 * type says so. Also which types and edges can stand on a map or a timeline.
 */
import { groupBy } from "../model/group";
import type { FieldInfo, Ontology, RelationshipInfo, TypeInfo } from "../model/ontology";
import { ENDS, REFERENCES } from "./record";
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

/** The selection of a card. */
export function cardSelection(ontology: Ontology): Field[] {
  const owners = groupBy(cardFields(ontology), ({ owner }) => owner);
  const parts = [...owners].map(([owner, own]) =>
    on(owner, own.map(({ info, as }) => field(info.name, undefined, undefined, as === info.name ? undefined : as))),
  );
  return [...fields("id", "label"), field("degree", fields("count")), ...parts];
}

/** Nodes by their ids. */
export function cardsQuery(ontology: Ontology, ids: readonly string[]): Asked<{ nodes: (RawNode | null)[] }> {
  return query("Nodes", [field("nodes", cardSelection(ontology), { ids: [...ids] })]);
}

const EDGE = [...fields("id", "type"), ...ENDS];

/** The edges among nodes. */
export const edgesQuery = (ids: readonly string[]): Asked<{ subgraph: { relationships: RawEdge[] } }> => query("EdgesAmong", [edgesAmong(ids)]);

const edgesAmong = (ids: readonly string[]): Field => field("subgraph", [field("truncated"), field("relationships", EDGE)], { nodes: [...ids] });

/** What a canvas shows: its nodes and the edges among them. */
export function viewQuery(ontology: Ontology, ids: readonly string[], withEdges: boolean): string {
  return query("View", [field("nodes", cardSelection(ontology), { ids: [...ids] }), ...(withEdges ? [edgesAmong(ids)] : [])]);
}

interface PathsAnswer {
  paths: { count: number; truncated: boolean; nodes: RawNode[]; paths: { length: number; nodes: { id: string }[]; relationships: RawEdge[] }[] };
}

/** The shortest ways between two nodes. */
export function pathsQuery(ontology: Ontology, from: string, to: string, first: number): Asked<PathsAnswer> {
  const args = { from: { id: from }, to: { id: to }, mode: name("ALL_SHORTEST"), first };
  const path = [field("length"), field("nodes", fields("id", "label")), field("relationships", EDGE)];
  const select = [...fields("count", "truncated"), field("paths", path), field("nodes", cardSelection(ontology))];
  return query("Paths", [field("paths", select, args)]);
}

type Counted = Record<string, unknown> & { id: string; label: string; degree: { count: number }[] };

/** Records of a type, and whether there are more. */
export interface Page {
  totalCount: number;
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
  nodes: Counted[];
}

/** One page of the records of a type. */
export function listQuery(type: TypeInfo, find: string, first: number, after: string | null): Asked<Record<string, Page>> {
  const label = type.fields.find((info) => info.name === type.label);
  const like = find && label ? { [label.name]: { contains: find, caseInsensitive: true } } : undefined;
  const args = { where: like, sort: label ? [{ [label.name]: name("ASC") }] : undefined, first, after: after ?? undefined };
  const columns = shownColumns(type).map((info) => field(info.name));
  const select = [...fields("id", "label"), ...columns, field("degree", fields("count"))];
  const page = field("pageInfo", fields("hasNextPage", "endCursor"));
  return query("Records", [field(`${type.list}Connection`, [field("totalCount"), page, field("nodes", select)], args)]);
}

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
export function arcsQuery(ontology: Ontology, layer: RelationshipInfo): Asked<Record<string, RawArc[]>> {
  const end = [...fields("id", "label"), ...placeSelection(ontology)];
  const facts = layer.properties.map((info) => field(info.name));
  const select = [...fields("id", "type"), field("source", end), field("target", end), ...facts, REFERENCES];
  return query("Arcs", [field(layer.list ?? "", select)]);
}

/** Every record with a place. */
export function placedQuery(ontology: Ontology): Asked<Record<string, RawNode[]>> {
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
  return query("Placed", select);
}

function placeSelection(ontology: Ontology): Field[] {
  return cardFields(ontology)
    .filter(({ info }) => isPlace(info))
    .map(({ owner, info, as }) => on(owner, [field(info.name, undefined, undefined, as === info.name ? undefined : as)]));
}

/** Records of some types with how much hangs on them: where a person may begin. */
export function beginningsQuery(types: readonly TypeInfo[]): Asked<Record<string, Counted[]>> {
  const select = [...fields("id", "label"), field("degree", fields("count"))];
  return query("Beginnings", types.map((type) => field(type.list ?? "", select, { limit: 500 })));
}
