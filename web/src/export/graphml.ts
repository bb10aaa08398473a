/** How do igraph, NetworkX and yEd read the graph? GraphML with plain attributes. */
import { xml, type OutGraph } from "./model";

const KEYS: [string, "node" | "edge", string][] = [
  ["label", "node", "string"],
  ["type", "node", "string"],
  ["color", "node", "string"],
  ["time", "node", "string"],
  ["longitude", "node", "double"],
  ["latitude", "node", "double"],
  ["x", "node", "double"],
  ["y", "node", "double"],
  ["type", "edge", "string"],
  ["label", "edge", "string"],
];

export function graphml({ nodes, edges }: OutGraph): string {
  const keys = KEYS.map(([name, kind, type]) => `  <key id="${kind}-${name}" for="${kind}" attr.name="${name}" attr.type="${type}"/>`);
  const nodeLines = nodes.map(({ id, label, type, color, times, point, x, y }) => {
    const data = { label, type, color, time: times || null, longitude: point?.[0] ?? null, latitude: point?.[1] ?? null, x, y };
    return `    <node id="${xml(id)}">${values("node", data)}</node>`;
  });
  const edgeLines = edges.map(({ id, source, target, type, label }) => {
    return `    <edge id="${xml(id)}" source="${xml(source)}" target="${xml(target)}">${values("edge", { type, label })}</edge>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
${keys.join("\n")}
  <graph id="guitu" edgedefault="directed">
${[...nodeLines, ...edgeLines].join("\n")}
  </graph>
</graphml>
`;
}

function values(kind: "node" | "edge", data: Record<string, string | number | null>): string {
  const given = Object.entries(data).filter(([, value]) => value !== null);
  return given.map(([name, value]) => `<data key="${kind}-${name}">${xml(String(value))}</data>`).join("");
}
