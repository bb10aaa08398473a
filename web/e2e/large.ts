/** Which world is large? Five thousand nodes and ten thousand edges in clusters, the same each time. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const ONTOLOGY = `
type Part @node(label: "name") @display(color: "#0f766e", en: "Part", zh: "零件") {
  name: String! @search
  fits: [Part!]! @relationship(type: "FITS", direction: OUT)
  madeBy: [Maker!]! @relationship(type: "MADE_BY", direction: OUT)
}
type Maker @node(label: "name") @display(color: "#b45309", en: "Maker", zh: "厂家") {
  name: String! @search
  makes: [Part!]! @relationship(type: "MADE_BY", direction: IN)
  ships: [Port!]! @relationship(type: "SHIPS", direction: OUT)
}
type Port @node(label: "name") @display(color: "#1d4ed8", en: "Port", zh: "港口") {
  name: String! @search
  shipped: [Maker!]! @relationship(type: "SHIPS", direction: IN)
}
`;

const COUNTS: Record<string, number> = { Part: 3_000, Maker: 1_500, Port: 500 };
const GROUP = 50;

/** Its folder: an ontology and a seed. */
export interface Large {
  ontology: string;
  seed: string;
}

export function large(folder: string): Large {
  const [ontology, seed] = [join(folder, "large.graphql"), join(folder, "large")];
  mkdirSync(seed, { recursive: true });
  writeFileSync(ontology, ONTOLOGY);
  for (const [type, count] of Object.entries(COUNTS)) write(join(seed, `${type}.csv`), "key,name", count, (at) => `${at},${type} ${at}`);
  const inGroup = (at: number, step: number) => at - (at % GROUP) + ((at * 13 + step * 7) % GROUP);
  edges(join(seed, "FITS.csv"), 5_000, 3_000, (at, step) => (at % 11 === 0 ? (at * 7_919 + step) % 3_000 : inGroup(at, step)));
  edges(join(seed, "MADE_BY.csv"), 3_000, 3_000, (at, step) => (Math.floor(at / 2) + step * 31) % 1_500);
  edges(join(seed, "SHIPS.csv"), 2_000, 1_500, (at, step) => (step > 1 || at % 9 === 0 ? step : Math.floor(at / 3)));
  return { ontology, seed };
}

function write(path: string, head: string, count: number, line: (at: number) => string): void {
  writeFileSync(path, [head, ...Array.from({ length: count }, (_, at) => line(at))].join("\n") + "\n");
}

/** Edges from each source in turn, none twice: `target` is asked with the next step while it names one that is there. */
function edges(path: string, count: number, sources: number, target: (source: number, step: number) => number): void {
  const seen = new Set<string>();
  for (let at = 0; seen.size < count; at++) {
    for (let step = Math.floor(at / sources); ; step++) {
      const line = `${at % sources},${target(at % sources, step)}`;
      if (seen.has(line)) continue;
      seen.add(line);
      break;
    }
  }
  const lines = [...seen];
  write(path, "source,target", count, (at) => lines[at] ?? "");
}

/** The ids of all its nodes. */
export const LARGE_IDS = Object.entries(COUNTS).flatMap(([type, count]) => Array.from({ length: count }, (_, at) => `${type}:${at}`));

/** The address of a canvas that shows all of it, in a spiral: places as a layout before may have left them. */
export function largeCanvas(ids: readonly string[] = LARGE_IDS): string {
  const spots = ids.map((id, at) => {
    const [radius, angle] = [60 * Math.sqrt(at), at * 2.399963];
    return `${id}~${Math.round(radius * Math.cos(angle))}~${Math.round(radius * Math.sin(angle))}`;
  });
  return `#/graph?nodes=${spots.join("!")}`;
}
