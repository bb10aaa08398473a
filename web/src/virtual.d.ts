/** What do modules contain that the build makes? */
declare module "virtual:icons" {
  const icons: Record<string, string>;
  export default icons;
}
declare module "*.graphql?raw" {
  const text: string;
  export default text;
}
declare module "graphology-layout-forceatlas2/iterate" {
  /** One round, in place. */
  export default function iterate(settings: object, nodes: Float32Array, edges: Float32Array): object;
}
