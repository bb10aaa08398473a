/** Which ways lead from one record to another? What was asked for stands in the address; this shows it. */
import { signal } from "@preact/signals";
import { readCards, readEdges } from "../model/card";
import { select } from "../model/canvas";
import type { At, Path } from "../model/place";
import type { Paths } from "../query/card";
import { place, stay } from "./app";
import { adjust, current, learn, learnEdges, show } from "./graph";
import { world } from "./world";

/** The record from which paths are sought to the next that is chosen. */
export const pathStart = signal<string | null>(null);

/** Whether a person has asked since the page was opened: an address has its nodes already, unless it has none. */
let asked = false;

/** Seeks paths, or others than before. */
export function seek(change: Partial<Path> & ({ from: string; to: string } | object)): void {
  const here = place.value as At<"graph">;
  const before = here.path ?? { from: "", to: "", mode: "ALL_SHORTEST", most: 5, follow: null, nth: 0 };
  asked = true;
  stay({ ...here, canvas: current.value, open: null, path: { ...before, nth: 0, ...change } });
}

/** Puts the paths that were found on the canvas and selects one. */
export async function showPaths(found: Paths, nth: number): Promise<void> {
  const here = world.value;
  if (!here || !(asked || current.value.spots.size === 0)) return;
  learn(readCards(here.ontology, found.nodes));
  learnEdges(readEdges(here.ontology, found.paths.flatMap((path) => path.relationships)));
  await show(found.nodes.map(({ id }) => id), found.paths[0]?.nodes[0]?.id);
  adjust((now) => select(now, found.paths[nth]?.nodes.map(({ id }) => id) ?? []));
}
