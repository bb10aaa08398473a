/** What does an exported graph hold? Nodes and edges with what every format can carry. */

export interface OutNode {
  id: string;
  label: string;
  type: string;
  typeLabel: string;
  color: string;
  size: number;
  x: number;
  y: number;
  point: [number, number] | null;
  times: string;
}

export interface OutEdge {
  id: string;
  source: string;
  target: string;
  type: string;
  label: string;
  color: string | null;
}

export interface OutGraph {
  nodes: OutNode[];
  edges: OutEdge[];
}

/** Text as XML may hold it: marks written out, control characters left out. */
export function xml(text: string): string {
  const marks: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "").replace(/[&<>"]/g, (mark) => marks[mark] ?? mark);
}
