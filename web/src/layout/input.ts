/** What does the layout worker need to know of the canvas? The drawn nodes and edges as arrays. Pure. */
import type { Canvas } from "../model/canvas";
import type { Edge } from "../model/record";
import { typeOf } from "../model/ontology";
import type { LayoutInput } from "./layouts";

/** How large a node is drawn, in pixels, by how many edges it has in the graph. */
export const sizeOf = (degree: number | null): number => Math.min(22, 6 + 1.5 * Math.sqrt(degree ?? 1));

export function layoutInput(canvas: Canvas, ids: readonly string[], edges: readonly Edge[], degree: (id: string) => number | null): LayoutInput {
  const at = new Map(ids.map((id, index) => [id, index]));
  const spot = (id: string) => canvas.spots.get(id) ?? { x: 0, y: 0, pinned: false };
  const joined = edges.filter(({ source, target }) => source !== target && at.has(source) && at.has(target));
  return {
    layout: canvas.layout,
    types: ids.map(typeOf),
    places: Float32Array.from(ids.flatMap((id) => [spot(id).x, spot(id).y])),
    pinned: Uint8Array.from(ids, (id) => (spot(id).pinned ? 1 : 0)),
    sizes: Float32Array.from(ids, (id) => sizeOf(degree(id))),
    edges: Uint32Array.from(joined.flatMap(({ source, target }) => [at.get(source) ?? 0, at.get(target) ?? 0])),
    centre: centreOf(canvas, ids, joined, at),
  };
}

/** The first selected node, else the one with the most edges here. */
function centreOf(canvas: Canvas, ids: readonly string[], edges: readonly Edge[], at: Map<string, number>): number {
  const chosen = canvas.selected.find((id) => at.has(id));
  if (chosen) return at.get(chosen) ?? 0;
  const count = new Map<string, number>();
  for (const id of edges.flatMap(({ source, target }) => [source, target])) count.set(id, (count.get(id) ?? 0) + 1);
  const most = ids.toSorted((a, b) => (count.get(b) ?? 0) - (count.get(a) ?? 0))[0];
  return at.get(most ?? "") ?? 0;
}
