/** How is a table written for a spreadsheet? CSV by RFC 4180 with a byte-order mark, so that Chinese is read. */
import type { OutGraph } from "./model";

export function csv(rows: readonly (readonly (string | number | null)[])[]): string {
  return `\ufeff${rows.map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}

/** A text that a spreadsheet would run as a formula gets an apostrophe before it. */
function cell(value: string | number | null): string {
  const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value ?? "");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function nodesCsv({ nodes }: OutGraph): string {
  const head = ["id", "type", "label", "longitude", "latitude", "time"];
  return csv([head, ...nodes.map((node) => [node.id, node.type, node.label, node.point?.[0] ?? null, node.point?.[1] ?? null, node.times])]);
}

export function edgesCsv({ edges }: OutGraph): string {
  return csv([["source", "target", "type", "id"], ...edges.map((edge) => [edge.source, edge.target, edge.type, edge.id])]);
}
