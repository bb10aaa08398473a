/**
 * What is on the canvas now, and what happens when a person acts? The canvas with its history, the
 * cards and edges that were read, and the steps that need the server.
 */
import { computed, signal } from "@preact/signals";
import { readCards, readEdges, type Card } from "../model/card";
import * as canvas from "../model/canvas";
import { countsOf } from "../model/group";
import { typeOf } from "../model/ontology";
import { isShown, shownEdges, STOP_AT, type Canvas } from "../model/canvas";
import * as history from "../model/history";
import { readMore, type Edge, type Link } from "../model/record";
import { ask } from "../net/client";
import { cardsQuery, edgesQuery } from "../query/card";
import { linkQuery } from "../query/record";
import { world } from "./world";

export const steps = signal(history.begin(canvas.EMPTY));
export const cards = signal<ReadonlyMap<string, Card>>(new Map());
export const edges = signal<ReadonlyMap<string, Edge>>(new Map());
export const notice = signal<string | null>(null);
/** Counts up when the layout should run again. */
export const layoutRuns = signal(0);

export const current = computed<Canvas>(() => steps.value.present);

/** The parts of the canvas one by one, so that a selection alone does not find all edges again. */
const spots = computed(() => current.value.spots);
const offTypes = computed(() => current.value.offTypes);
const offRelationships = computed(() => current.value.offRelationships);
const shown = computed<Canvas>(() => ({ ...canvas.EMPTY, spots: spots.value, offTypes: offTypes.value, offRelationships: offRelationships.value }));

export const shownCards = computed<Card[]>(() =>
  [...spots.value.keys()].filter((id) => isShown(shown.value, id)).flatMap((id) => cards.value.get(id) ?? []),
);
export const drawnEdges = computed<Edge[]>(() => shownEdges(shown.value, edges.value.values()));
/** How many edges of each type join nodes of the canvas, also those that are switched off. */
export const edgeCounts = computed<ReadonlyMap<string, number>>(() => countsOf(shownEdges({ ...canvas.EMPTY, spots: spots.value }, edges.value.values()), ({ type }) => type));
/** How many nodes of each type the canvas has. */
export const nodeCounts = computed<ReadonlyMap<string, number>>(() => countsOf(spots.value.keys(), typeOf));

/** How many places of nodes undo remembers: steps of a large canvas are fewer. */
const REMEMBERED = 400_000;
const FEWEST_STEPS = 20;

/** A step that can be undone. */
export function act(change: (now: Canvas) => Canvas): void {
  const next = change(current.value);
  const kept = Math.min(history.KEPT, Math.max(FEWEST_STEPS, Math.floor(REMEMBERED / Math.max(1, current.value.spots.size))));
  if (next !== current.value) steps.value = history.step(steps.value, next, kept);
}

/** A change that belongs to the step before: where a layout put the nodes, what is selected. */
export function adjust(change: (now: Canvas) => Canvas): void {
  steps.value = history.amend(steps.value, change(current.value));
}

export const undo = (): void => void (steps.value = history.undo(steps.value));
export const redo = (): void => void (steps.value = history.redo(steps.value));

/** Takes a canvas over from an address. */
export function restore(next: Canvas): void {
  steps.value = history.begin(next);
  know([...next.spots.keys()]).catch((error: Error) => (notice.value = error.message));
}

/** Puts nodes on the canvas. */
export async function show(ids: readonly string[], near?: string): Promise<void> {
  const fresh = ids.filter((id) => !current.value.spots.has(id));
  if (fresh.length === 0) return;
  try {
    await know(fresh);
  } catch (error) {
    notice.value = error instanceof Error ? error.message : String(error);
    return;
  }
  act((now) => canvas.add(now, fresh, near));
  if (current.value.spots.size >= STOP_AT) notice.value = "stop";
  layoutRuns.value += 1;
}

const BATCH = 500;

/** Reads what is not known yet of nodes, and the edges among all that are shown. */
async function know(ids: readonly string[]): Promise<void> {
  const here = world.value;
  if (!here) return;
  const unknown = ids.filter((id) => !cards.value.has(id));
  for (let at = 0; at < unknown.length; at += BATCH) {
    const answer = await ask(cardsQuery(here.ontology, unknown.slice(at, at + BATCH)), {});
    learn(readCards(here.ontology, answer.nodes));
  }
  await join([...current.value.spots.keys(), ...ids]);
}

async function join(ids: readonly string[]): Promise<void> {
  const here = world.value;
  if (!here?.can("subgraph") || ids.length < 2) return;
  const answer = await ask(edgesQuery(here.ontology, [...new Set(ids)]), {});
  learnEdges(readEdges(here.ontology, answer.subgraph.relationships));
}

export function learn(more: readonly Card[]): void {
  cards.value = new Map([...cards.value, ...more.map((card) => [card.id, card] as const)]);
}

export function learnEdges(more: readonly Edge[]): void {
  const said = (edge: Edge | undefined) => edge && (edge.times ?? []).map((time) => time.text).join();
  const fresh = more.filter((edge) => said(edges.value.get(edge.id)) !== said(edge));
  if (fresh.length) edges.value = new Map([...edges.value, ...fresh.map((edge) => [edge.id, edge] as const)]);
}

/** Reads all cards again, in another language. */
export async function relearn(): Promise<void> {
  const ids = [...current.value.spots.keys()];
  cards.value = new Map();
  await know(ids);
}

/** Shows the next neighbours of a node by one of its relationships; gives the page for "25 of 212". */
export async function expand(id: string, link: string, first: number, after: string | null): Promise<Link | null> {
  const here = world.value;
  if (!here) return null;
  const answer = await ask(linkQuery(here.ontology, id, link, first, after), {});
  const page = readMore(here.ontology, id, link, answer);
  if (!page) return null;
  learnEdges(page.neighbours.flatMap(({ edge }) => edge ?? []));
  await show(page.neighbours.map((one) => one.id), id);
  return page;
}
