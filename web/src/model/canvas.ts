/**
 * Which nodes are shown, where, and what is hidden? The state of the canvas and every step that a
 * person can take on it, as pure functions: each gives a new state, so that undo is a list.
 */
import { typeOf } from "./ontology";
import type { Edge } from "./record";

export type LayoutName = "force" | "circle" | "types" | "levels";
export const LAYOUTS: LayoutName[] = ["force", "circle", "types", "levels"];

/** A node's place on the canvas. */
export interface Spot {
  x: number;
  y: number;
  pinned: boolean;
}

export interface Canvas {
  spots: ReadonlyMap<string, Spot>;
  selected: readonly string[];
  offTypes: ReadonlySet<string>;
  offRelationships: ReadonlySet<string>;
  layout: LayoutName;
}

export const EMPTY: Canvas = {
  spots: new Map(),
  selected: [],
  offTypes: new Set(),
  offRelationships: new Set(),
  layout: "force",
};

/** From how many nodes on a person is warned, and from how many on nothing is added. */
export const WARN_AT = 2_000;
export const STOP_AT = 10_000;

const GOLDEN = Math.PI * (3 - Math.sqrt(5));

/** Adds nodes, near one that is there or in a spiral; never more than `STOP_AT` in all. */
export function add(canvas: Canvas, ids: readonly string[], near?: string): Canvas {
  const spots = new Map(canvas.spots);
  const centre = near ? spots.get(near) : undefined;
  let step = 0;
  for (const id of ids) {
    if (spots.has(id) || spots.size >= STOP_AT) continue;
    spots.set(id, centre ? around(centre, step++) : spiral(spots.size));
  }
  return { ...canvas, spots };
}

function spiral(index: number): Spot {
  const radius = 60 * Math.sqrt(index);
  return { x: round(radius * Math.cos(index * GOLDEN)), y: round(radius * Math.sin(index * GOLDEN)), pinned: false };
}

function around(centre: Spot, step: number): Spot {
  const radius = 90 + 10 * Math.sqrt(step);
  const angle = step * GOLDEN;
  return { x: round(centre.x + radius * Math.cos(angle)), y: round(centre.y + radius * Math.sin(angle)), pinned: false };
}

const round = (value: number): number => Math.round(value);

export function remove(canvas: Canvas, ids: readonly string[]): Canvas {
  const spots = new Map(canvas.spots);
  for (const id of ids) spots.delete(id);
  return { ...canvas, spots, selected: canvas.selected.filter((id) => spots.has(id)) };
}

/** Leaves only these nodes. */
export function keep(canvas: Canvas, ids: ReadonlySet<string>): Canvas {
  return remove(canvas, [...canvas.spots.keys()].filter((id) => !ids.has(id)));
}

/** Takes away the neighbours of a node that hang on it alone; what is pinned stays. */
export function collapse(canvas: Canvas, id: string, edges: Iterable<Edge>): Canvas {
  const near = neighbours(canvas, edges);
  const own = near.get(id) ?? new Set<string>();
  const leaves = [...own].filter((other) => near.get(other)?.size === 1 && !canvas.spots.get(other)?.pinned);
  return remove(canvas, leaves);
}

/** Hides what is unrelated: leaves the given nodes and their neighbours. */
export function keepRelated(canvas: Canvas, ids: readonly string[], edges: Iterable<Edge>): Canvas {
  const near = neighbours(canvas, edges);
  return keep(canvas, new Set(ids.flatMap((id) => [id, ...(near.get(id) ?? [])])));
}

/** The neighbours of each shown node. */
export function neighbours(canvas: Canvas, edges: Iterable<Edge>): Map<string, Set<string>> {
  const near = new Map<string, Set<string>>();
  const put = (one: string, other: string) => near.set(one, (near.get(one) ?? new Set()).add(other));
  for (const { source, target } of shownEdges(canvas, edges)) {
    if (source === target) continue;
    put(source, target);
    put(target, source);
  }
  return near;
}

/** Whether the node is on the canvas and its type is not switched off. */
export function isShown(canvas: Canvas, id: string): boolean {
  return canvas.spots.has(id) && (canvas.offTypes.size === 0 || !canvas.offTypes.has(typeOf(id)));
}

/** The edges that are drawn: both ends shown, their type not switched off. */
export function shownEdges(canvas: Canvas, edges: Iterable<Edge>): Edge[] {
  return [...edges].filter(
    ({ type, source, target }) => !canvas.offRelationships.has(type) && isShown(canvas, source) && isShown(canvas, target),
  );
}

export function select(canvas: Canvas, ids: readonly string[]): Canvas {
  return { ...canvas, selected: ids.filter((id) => canvas.spots.has(id)) };
}

/** Adds a node to the selection, or takes it out. */
export function toggleSelected(canvas: Canvas, id: string): Canvas {
  const rest = canvas.selected.filter((one) => one !== id);
  return select(canvas, rest.length < canvas.selected.length ? rest : [...rest, id]);
}

export function pin(canvas: Canvas, id: string, pinned: boolean): Canvas {
  const spot = canvas.spots.get(id);
  return spot ? { ...canvas, spots: new Map(canvas.spots).set(id, { ...spot, pinned }) } : canvas;
}

/** Moves nodes; a node moved by hand is pinned. */
export function move(canvas: Canvas, places: ReadonlyMap<string, { x: number; y: number }>, pinned = false): Canvas {
  const spots = new Map(canvas.spots);
  for (const [id, { x, y }] of places) {
    const spot = spots.get(id);
    if (spot) spots.set(id, { x: round(x), y: round(y), pinned: spot.pinned || pinned });
  }
  return { ...canvas, spots };
}

export const toggleType = (canvas: Canvas, type: string): Canvas => ({ ...canvas, offTypes: toggled(canvas.offTypes, type) });

export const toggleRelationship = (canvas: Canvas, type: string): Canvas => ({
  ...canvas,
  offRelationships: toggled(canvas.offRelationships, type),
});

function toggled(set: ReadonlySet<string>, one: string): Set<string> {
  const next = new Set(set);
  if (!next.delete(one)) next.add(one);
  return next;
}
