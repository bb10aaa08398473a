/** Does the page carry every icon that it and the bundled ontology name? */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
const carried = new Set(readFileSync(join(root, "src/styles/icons.txt"), "utf8").split(/\s+/));

function missing(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, name = ""]) => name).filter((name) => !carried.has(name));
}

it("of its own buttons", () => {
  const files = readdirSync(join(root, "src/ui"), { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".tsx"));
  const text = files.map((name) => readFileSync(join(root, "src/ui", name), "utf8")).join("\n");
  expect(missing(text, /(?:icon|<Icon name)="([a-z0-9-]+)"/g)).toEqual([]);
});

it("of the bundled ontology", () => {
  expect(missing(readFileSync(join(root, "../schema.graphql"), "utf8"), /icon: "([a-z0-9-]+)"/g)).toEqual([]);
});
