/**
 * What is known about one record, who says so, and where? The answer to query/record.ts in the
 * shape that pages show. Pure.
 */
import { isTime } from "../query/card";
import { readTime, type Time } from "./time";
import { typeOf, type FieldInfo, type Ontology } from "./ontology";

/** A place in a document that states something. */
export interface Reference {
  source: { id: string; label: string; url: string | null; file: string | null };
  locator: string | null;
  fields: string[] | null;
  note: string | null;
}

/** A field with its value. */
export interface Fact {
  field: FieldInfo;
  value: unknown;
  texts: { lang: string; value: string }[];
}

export interface Edge {
  id: string;
  type: string;
  source: string;
  target: string;
  times?: Time[];
}

/** A neighbour, and what the edge to it says. */
export interface Neighbour {
  id: string;
  label: string;
  edge: (Edge & { facts: Fact[]; references: Reference[] }) | null;
}

/** A relationship of the record: how many there are, and those that were read. */
export interface Link {
  name: string;
  field: FieldInfo | null;
  total: number;
  next: string | null;
  neighbours: Neighbour[];
}

export interface RecordFacts {
  id: string;
  key: string;
  type: string;
  label: string;
  revision: string;
  facts: Fact[];
  references: Reference[];
  links: Link[];
}

type Raw = Record<string, unknown>;

interface RawConnection {
  totalCount: number;
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
  edges: { node: { id: string; label: string }; properties?: Raw }[];
}

/** The record in an answer; null when there is none. */
export function readRecord(ontology: Ontology, answer: { record: Raw | null }): RecordFacts | null {
  const raw = answer.record;
  if (!raw) return null;
  const type = typeOf(raw.id as string);
  const infos = ontology.types.get(type)?.fields ?? [];
  return {
    id: raw.id as string,
    key: raw.key as string,
    type,
    label: raw.label as string,
    revision: raw.revision as string,
    facts: facts(infos.filter((info) => info.kind === "PROPERTY"), raw),
    references: raw.references as Reference[],
    links: readLinks(ontology, infos, raw),
  };
}

function readLinks(ontology: Ontology, infos: readonly FieldInfo[], raw: Raw): Link[] {
  const links = infos
    .filter((info) => info.kind !== "PROPERTY")
    .map((info) => readLink(ontology, info.name, info, raw[`${info.name}Connection`] as RawConnection));
  if (raw.citedBy) links.push(readLink(ontology, "citedBy", null, raw.citedBy as RawConnection));
  return links.filter((link) => link.total > 0);
}

/** One page of a relationship. */
export function readLink(ontology: Ontology, name: string, info: FieldInfo | null, raw: RawConnection): Link {
  return {
    name,
    field: info,
    total: raw.totalCount,
    next: raw.pageInfo.hasNextPage ? raw.pageInfo.endCursor : null,
    neighbours: raw.edges.map((edge) => neighbour(ontology, info, edge)),
  };
}

/** The page in the answer to `linkQuery`. */
export function readMore(ontology: Ontology, id: string, name: string, answer: { node: Raw | null }): Link | null {
  const info = ontology.types.get(typeOf(id))?.fields.find((one) => one.name === name) ?? null;
  const raw = answer.node?.[info ? `${name}Connection` : name];
  return raw ? readLink(ontology, name, info, raw as RawConnection) : null;
}

function neighbour(ontology: Ontology, info: FieldInfo | null, raw: RawConnection["edges"][number]): Neighbour {
  const { id, label } = raw.node;
  if (!raw.properties || !info?.relationship) return { id, label, edge: null };
  const relationship = ontology.relationships.get(info.relationship);
  const stated = facts(relationship?.properties ?? [], raw.properties);
  const edge = {
    id: raw.properties.id as string,
    type: info.relationship,
    source: (raw.properties.source as { id: string }).id,
    target: (raw.properties.target as { id: string }).id,
    facts: stated,
    times: stated.filter(({ field }) => isTime(field)).flatMap(({ field, value }) => readTime(field.name, value)),
    references: raw.properties.references as Reference[],
  };
  return { id, label, edge };
}

/** The fields that have a value. */
export function facts(infos: readonly FieldInfo[], raw: Raw): Fact[] {
  return infos
    .map((info) => ({ field: info, value: raw[info.name], texts: (raw[`${info.name}Texts`] as Fact["texts"]) ?? [] }))
    .filter(({ value }) => value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0));
}

/** A reference stands for a field when it names it, or for the record as a whole. */
export function speaksFor(reference: Reference, name: string): boolean {
  return reference.fields === null || reference.fields.includes(name);
}
