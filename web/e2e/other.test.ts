/** Does the page show worlds that lack what the bundled one has? No index, no places, no names, no edges, nothing at all. */
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { drawn, moveTo, settled, SCREENSHOTS, violations, visit } from "./site";

const PLAIN = `
"A thing of which only dates and numbers are known."
type Gadget @node {
  made: Date
  weight: Float @unit(name: "kg")
  state: GadgetState
  parts: [Gadget!]! @relationship(type: "HAS_PART", direction: OUT)
  owner: Keeper @relationship(type: "OWNED_BY", direction: OUT, properties: "Ownership")
}
type Keeper @node(label: "full") {
  full: String!
  owns: [Gadget!]! @relationship(type: "OWNED_BY", direction: IN, properties: "Ownership")
}
type Ownership @relationshipProperties { during: Period  price: Int }
enum GadgetState { BRAND_NEW USED }
`;

const FILES: Record<string, string> = {
  "Gadget.csv": "key,made,weight,state\na,2001,1.5,BRAND_NEW\nb,2003-05,2.25,USED\nc,,0.1,\na-very-long-key-that-goes-on-and-on-and-on-and-says-nothing-much-until-it-ends,,3,USED\n",
  "Keeper.csv": "key,full\nann,Ann of the House with a Remarkably Long Family Name and Several Titles Besides\nbob,Bob\n",
  "HAS_PART.csv": "source,target\na,b\nb,c\n",
  "OWNED_BY.csv": "source,target,during,price\na,ann,2001/2005,10\nb,bob,2003/..,7\n",
};

const NODES = "nodes=Gadget:a~0~0!Gadget:b~90~10!Gadget:c~200~60!Keeper:ann~-60~120!Keeper:bob~150~150";

/** A folder with an ontology and its data. */
function written(ontology: string, files: Record<string, string>): [string, string] {
  const folder = mkdtempSync(join(tmpdir(), "guitu-other-"));
  mkdirSync(join(folder, "seed"));
  writeFileSync(join(folder, "schema.graphql"), ontology);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, "seed", name), text);
  return [join(folder, "schema.graphql"), join(folder, "seed")];
}

/** Every page of it is shown without an error, is legible, and is kept as a picture. */
async function walk(world: string, places: Record<string, string>): Promise<void> {
  for (const [name, hash] of Object.entries(places)) {
    const page = await visit(hash, { language: "en", width: name.endsWith("phone") ? 390 : 1280 });
    await drawn(page);
    await page.screenshot({ path: join(SCREENSHOTS, `other-${world}-${name}.png`) });
    expect(await page.locator(".notice.bad").count(), name).toBe(0);
    expect(await violations(page), name).toEqual([]);
  }
}

describe("a world with dates, but no places, no index and no names", () => {
  beforeAll(() => moveTo(...written(PLAIN, FILES)));

  it("shows all of its pages", () =>
    walk("plain", {
      overview: "#/",
      type: "#/type/Gadget?sort=-made",
      record: "#/record/Gadget:a?history=1",
      graph: `#/graph?${NODES}&open=Gadget:a`,
      paths: `#/graph?${NODES}&from=Keeper:ann&to=Keeper:bob&mode=ALL_SHORTEST`,
      table: `#/graph?view=table&${NODES}`,
      timeline: `#/graph?view=timeline&${NODES}`,
      "timeline-phone": `#/graph?view=timeline&${NODES}`,
      map: "#/map",
      "canvas-map": `#/graph?view=map&${NODES}`,
      query: "#/query",
    }), 180_000);

  it("puts edges on the timeline, of the years that are asked for, and draws them", async () => {
    const page = await visit(`#/graph?view=timeline&${NODES}`, { language: "en" });
    const lines = page.locator(".timeline li");
    await lines.filter({ hasText: "→ Bob · Owned by" }).waitFor();
    expect(await lines.count()).toBe(4);
    await page.getByRole("spinbutton", { name: "From" }).fill("2004");
    await page.getByRole("spinbutton", { name: "From" }).press("Tab");
    await settled(page, /years=2004~/);
    await expect.poll(() => lines.count()).toBe(2);
    await page.getByRole("button", { name: "Export" }).click();
    const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "SVG", exact: true }).click()]);
    expect(file.suggestedFilename()).toBe("guitu.svg");
  });
});

describe("a world of which nothing is known yet", () => {
  beforeAll(() => moveTo(...written("type Thing @node { size: Int }", {})));
  it("shows all of its pages", () => walk("empty", { overview: "#/", type: "#/type/Thing", record: "#/record/Thing:a", graph: "#/graph", map: "#/map", query: "#/query" }), 120_000);
});
