/**
 * How do nodes that are joined come together? ForceAtlas2, some rounds at a time, on plain arrays.
 * Deterministic: the same input gives the same places.
 */
import iterate from "graphology-layout-forceatlas2/iterate";
import type { LayoutInput } from "./layouts";

/** Numbers that ForceAtlas2 keeps for a node and for an edge. */
const PER_NODE = 10;
const PER_EDGE = 3;

export interface Forces {
  nodes: Float32Array;
  edges: Float32Array;
  settings: Record<string, number | boolean>;
}

export function forces(input: LayoutInput): Forces {
  const count = input.types.length;
  const nodes = new Float32Array(count * PER_NODE);
  for (let node = 0; node < count; node++) {
    const [x, y] = [input.places[node * 2] ?? 0, input.places[node * 2 + 1] ?? 0];
    nodes.set([x, y, 0, 0, 0, 0, 1, 1, (input.sizes[node] ?? 8) * 1.8, input.pinned[node] ?? 0], node * PER_NODE);
  }
  const edges = new Float32Array((input.edges.length / 2) * PER_EDGE);
  for (let edge = 0; edge * 2 < input.edges.length; edge++) {
    const [source, target] = [input.edges[edge * 2] ?? 0, input.edges[edge * 2 + 1] ?? 0];
    edges.set([source * PER_NODE, target * PER_NODE, 1], edge * PER_EDGE);
    addMass(nodes, source);
    addMass(nodes, target);
  }
  return { nodes, edges, settings: settingsFor(count) };
}

function addMass(nodes: Float32Array, node: number): void {
  nodes[node * PER_NODE + 6] = (nodes[node * PER_NODE + 6] ?? 1) + 1;
}

function settingsFor(count: number): Forces["settings"] {
  return {
    linLogMode: false,
    outboundAttractionDistribution: false,
    adjustSizes: count <= 1_000,
    edgeWeightInfluence: 1,
    scalingRatio: 60,
    strongGravityMode: false,
    gravity: 1.2,
    slowDown: 1 + Math.log(Math.max(2, count)),
    barnesHutOptimize: count > 300,
    barnesHutTheta: 0.6,
  };
}

export function advance(all: Forces, rounds: number): void {
  for (let round = 0; round < rounds; round++) iterate(all.settings, all.nodes, all.edges);
}

export function placesOf({ nodes }: Forces): Float32Array {
  const count = nodes.length / PER_NODE;
  const places = new Float32Array(count * 2);
  for (let node = 0; node < count; node++) places.set([nodes[node * PER_NODE] ?? 0, nodes[node * PER_NODE + 1] ?? 0], node * 2);
  return places;
}

/** Enough to settle; fewer for large graphs, where a round is slow. */
export const roundsFor = (count: number): number => (count < 300 ? 600 : count < 2_000 ? 400 : 250);
