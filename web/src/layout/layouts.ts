/**
 * Where do nodes stand that no force moves? Circle, one column of rows per type, rings by distance.
 * Pure, and the input of the worker: nodes as places in arrays, so that they travel cheaply.
 */
import type { LayoutName } from "../model/canvas";

/** What a layout is given. Edges are pairs of positions in `ids`. */
export interface LayoutInput {
  layout: LayoutName;
  types: string[];
  /** x and y of each node, one after the other. */
  places: Float32Array;
  pinned: Uint8Array;
  sizes: Float32Array;
  edges: Uint32Array;
  /** The node that distances count from. */
  centre: number;
}

const GAP = 90;

/** New places; pinned nodes stay. The force layout goes on from where the nodes are. */
export function still(input: LayoutInput): Float32Array {
  const next = { circle, types: byType, levels: byLevel, force: (one: LayoutInput) => one.places }[input.layout](input);
  return keepPinned(input, next);
}

function keepPinned(input: LayoutInput, next: Float32Array): Float32Array {
  return next.map((value, at) => (input.pinned[at >> 1] ? (input.places[at] ?? value) : value));
}

/** All on one circle, those of a type side by side. */
function circle({ types }: LayoutInput): Float32Array {
  const radius = (types.length * GAP) / 6.283 / 1.2;
  return ring(sortedBy(types), Math.max(radius, GAP), types.length);
}

function ring(order: number[], radius: number, count: number): Float32Array {
  const places = new Float32Array(count * 2);
  order.forEach((node, step) => put(places, node, radius, (step / order.length) * 2 * Math.PI));
  return places;
}

function put(places: Float32Array, node: number, radius: number, angle: number): void {
  places[node * 2] = radius * Math.cos(angle - Math.PI / 2);
  places[node * 2 + 1] = radius * Math.sin(angle - Math.PI / 2);
}

function sortedBy(types: string[]): number[] {
  return types.map((_, node) => node).sort((a, b) => (types[a] ?? "").localeCompare(types[b] ?? "") || a - b);
}

/** Types as blocks beside each other, each about as high as wide. */
function byType({ types }: LayoutInput): Float32Array {
  const places = new Float32Array(types.length * 2);
  const blocks = new Map<string, number[]>();
  for (const node of sortedBy(types)) blocks.set(types[node] ?? "", [...(blocks.get(types[node] ?? "") ?? []), node]);
  let left = 0;
  for (const block of blocks.values()) {
    const across = Math.ceil(Math.sqrt(block.length));
    block.forEach((node, step) => {
      places[node * 2] = left + (step % across) * GAP;
      places[node * 2 + 1] = -Math.floor(step / across) * GAP;
    });
    left += (across + 1.2) * GAP;
  }
  return places;
}

/** Rings around the centre, one per step of distance; what cannot be reached is on the last. */
function byLevel(input: LayoutInput): Float32Array {
  const levels = distances(input);
  const places = new Float32Array(input.types.length * 2);
  const deepest = Math.max(0, ...levels.filter(Number.isFinite));
  let inner = 0;
  for (let depth = 0; depth <= deepest + 1; depth++) {
    const order = sortedBy(input.types).filter((node) => (levels[node] === Infinity ? deepest + 1 : levels[node]) === depth);
    if (order.length === 0) continue;
    const radius = depth === 0 ? 0 : Math.max(inner + 1.6 * GAP, (order.length * GAP) / 6.283 / 1.4);
    order.forEach((node, step) => put(places, node, radius, ((step + depth * 0.37) / order.length) * 2 * Math.PI));
    inner = radius;
  }
  return places;
}

/** How many steps each node is from the centre. */
export function distances({ types, edges, centre }: LayoutInput): number[] {
  const near = neighbours(types.length, edges);
  const found = types.map(() => Infinity);
  let front = types.length ? [centre] : [];
  for (let depth = 0; front.length; depth++) {
    for (const node of front) found[node] = depth;
    front = [...new Set(front.flatMap((node) => near[node] ?? []))].filter((node) => found[node] === Infinity);
  }
  return found;
}

function neighbours(count: number, edges: Uint32Array): number[][] {
  const near: number[][] = Array.from({ length: count }, () => []);
  for (let at = 0; at < edges.length; at += 2) {
    const [one, other] = [edges[at] ?? 0, edges[at + 1] ?? 0];
    near[one]?.push(other);
    near[other]?.push(one);
  }
  return near;
}
