/**
 * What is known of a record that is drawn: its name, how many edges it has, where and when it is.
 * The answers to query/card.ts in the shape that views draw. Pure.
 */
import { cardFields, edgeTimes, isPlace, linksOf, type CardField } from "../query/card";
import { groupBy } from "./group";
import { typeOf, type Ontology } from "./ontology";
import { facts, type Edge, type Fact, type Reference } from "./record";
import { readTime, type Time } from "./time";

export interface Card {
  id: string;
  type: string;
  label: string;
  degree: number | null;
  /** Longitude and latitude in degrees. */
  point: [number, number] | null;
  times: Time[];
}

export type RawNode = Record<string, unknown> & { id: string; label: string; degree?: { count: number }[] };

interface RawPoint {
  latitude: number;
  longitude: number;
}

/** Cards of the nodes in an answer; absent ones are left out. */
export function readCards(ontology: Ontology, raw: readonly (RawNode | null)[]): Card[] {
  const asked = cardFields(ontology);
  return raw.filter((one): one is RawNode => one !== null).map((one) => readCard(ontology, asked, one));
}

function readCard(ontology: Ontology, asked: CardField[], raw: RawNode): Card {
  const type = typeOf(raw.id);
  const own = new Set([type, ...(ontology.types.get(type)?.interfaces ?? [])]);
  const mine = asked.filter(({ owner, as }) => own.has(owner) && raw[as] !== null && raw[as] !== undefined);
  const place = mine.find(({ info }) => isPlace(info));
  return {
    id: raw.id,
    type,
    label: raw.label,
    degree: raw.degree ? linksOf(raw) : null,
    point: place ? lonLat(raw[place.as] as RawPoint) : null,
    times: mine.filter(({ info }) => !isPlace(info)).flatMap(({ info, as }) => readTime(info.name, raw[as])),
  };
}

const lonLat = ({ longitude, latitude }: RawPoint): [number, number] => [longitude, latitude];

/** An edge between two places, with what it says. */
export interface Arc extends Edge {
  from: Card;
  to: Card;
  facts: Fact[];
  references: Reference[];
}

export type RawArc = Record<string, unknown> & { id: string; type: string; source: RawNode; target: RawNode; references: Reference[] };

/** The edges of a layer whose ends are both placed. */
export function readArcs(ontology: Ontology, raw: readonly RawArc[]): Arc[] {
  const arcs = raw.map((one) => {
    const [from, to] = readCards(ontology, [one.source, one.target]) as [Card, Card];
    const infos = ontology.relationships.get(one.type)?.properties ?? [];
    return { id: one.id, type: one.type, source: from.id, target: to.id, from, to, facts: facts(infos, one), references: one.references };
  });
  return arcs.filter(({ from, to }) => from.point && to.point);
}

export type RawEdge = Record<string, unknown> & { id: string; type: string; source: { id: string }; target: { id: string } };

/** Edges with their dates and periods. */
export function readEdges(ontology: Ontology, raw: readonly RawEdge[]): Edge[] {
  const asked = groupBy(edgeTimes(ontology), ({ owner }) => owner);
  return raw.map((one) => {
    const own = asked.get(ontology.relationships.get(one.type)?.name ?? "") ?? [];
    return { id: one.id, type: one.type, source: one.source.id, target: one.target.id, times: own.flatMap(({ info, as }) => readTime(info.name, one[as])) };
  });
}
