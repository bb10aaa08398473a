/** What do modules contain that the build makes? */
declare module "virtual:icons" {
  const icons: Record<string, string>;
  export default icons;
}
declare module "graphology-layout-forceatlas2/iterate" {
  /** One round, in place. */
  export default function iterate(settings: object, nodes: Float32Array, edges: Float32Array): object;
}
declare module "virtual:land" {
  const url: string;
  export default url;
}
declare module "topojson-simplify" {
  import type { Topology } from "topojson-specification";
  type Weigh = (ring: unknown) => number;
  export function presimplify(topology: Topology, weight: Weigh): Topology;
  export function simplify(topology: Topology, minWeight: number): Topology;
  export function filter(topology: Topology, keep: unknown): Topology;
  export function filterWeight(topology: Topology, minWeight: number, weight: Weigh): unknown;
  export const sphericalRingArea: Weigh;
  export const sphericalTriangleArea: Weigh;
}
