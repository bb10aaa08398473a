/** What is drawn of a graph? Nodes where they stand, and edges. */

export interface OutNode {
  id: string;
  label: string;
  typeLabel: string;
  color: string;
  size: number;
  x: number;
  y: number;
}

export interface OutEdge {
  source: string;
  target: string;
  label: string;
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
