/** How does the canvas look on paper? An SVG of its nodes and edges where they stand, names below. */
import { xml, type OutEdge, type OutGraph, type OutNode } from "./model";

/** Colours and font, as the theme has them. */
export interface Paper {
  paper: string;
  ink: string;
  edge: string;
  font: string;
}

const LONG_SIDE = 1400;
const MARGIN = 70;

export function svg(graph: OutGraph, look: Paper): string {
  const { width, height, at } = frame(graph.nodes);
  const places = new Map(graph.nodes.map((node) => [node.id, { ...at(node), size: node.size }]));
  const lines = graph.edges.map((edge) => line(edge, places, look)).filter(Boolean);
  const dots = graph.nodes.map((node) => dot(node, at(node), look));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="${xml(look.font)}">
<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0.8L8 4L0 7.2z" fill="${xml(look.edge)}"/></marker></defs>
<rect width="100%" height="100%" fill="${xml(look.paper)}"/>
<g fill="none" stroke="${xml(look.edge)}" stroke-width="1.3">
${lines.join("\n")}
</g>
<g text-anchor="middle" font-size="13" fill="${xml(look.ink)}">
${dots.join("\n")}
</g>
</svg>
`;
}

type Spot = { x: number; y: number };

/** The canvas counts upwards, paper downwards. */
function frame(nodes: readonly OutNode[]): { width: number; height: number; at: (node: Spot) => Spot } {
  const [xs, ys] = [nodes.map((node) => node.x), nodes.map((node) => node.y)];
  const [left, right, low, high] = [Math.min(...xs, 0), Math.max(...xs, 1), Math.min(...ys, 0), Math.max(...ys, 1)];
  const scale = Math.min(3, (LONG_SIDE - 2 * MARGIN) / Math.max(right - left, high - low, 1));
  const at = ({ x, y }: Spot) => ({ x: r(MARGIN + (x - left) * scale), y: r(MARGIN + (high - y) * scale) });
  return { width: r((right - left) * scale + 2 * MARGIN), height: r((high - low) * scale + 2 * MARGIN), at };
}

const r = (value: number): number => Math.round(value * 10) / 10;

/** From rim to rim, so that the tip is seen. */
function line(edge: OutEdge, places: Map<string, Spot & { size: number }>, look: Paper): string {
  const [from, to] = [places.get(edge.source), places.get(edge.target)];
  if (!from || !to || from === to) return "";
  const length = Math.max(1, Math.hypot(to.x - from.x, to.y - from.y));
  const [dx, dy] = [(to.x - from.x) / length, (to.y - from.y) / length];
  const [x1, y1] = [r(from.x + dx * from.size), r(from.y + dy * from.size)];
  const [x2, y2] = [r(to.x - dx * (to.size + 2)), r(to.y - dy * (to.size + 2))];
  return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${xml(look.edge)}" marker-end="url(#tip)"><title>${xml(edge.label)}</title></line>`;
}

function dot(node: OutNode, { x, y }: Spot, look: Paper): string {
  const name = `<text x="${x}" y="${r(y + node.size + 15)}" paint-order="stroke" stroke="${xml(look.paper)}" stroke-width="4" stroke-linejoin="round">${xml(node.label)}</text>`;
  return `<circle cx="${x}" cy="${y}" r="${r(node.size)}" fill="${xml(node.color)}"><title>${xml(node.typeLabel)}</title></circle>${name}`;
}
