/** Is every main view legible to everyone, light, dark and on a phone? Screenshots are for looking at. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { drawn, SCREENSHOTS, violations, visit, type Visit } from "./site";

const NODES = "nodes=County:puning~17~91!City:guangzhou~-132~124!City:shenzhen~-60~207!Product:clothing~155~52!County:shishi~250~-54!Province:guangdong~-116~2!City:jieyang~21~-62!Province:fujian~217~-180!County:changshu~275~75";
const QUERY = encodeURIComponent("{\n  returnRoutes {\n    id\n    scope\n    period\n    source { id label }\n    target { id label }\n  }\n}\n");

/** A view, and what must be there before it is looked at. */
const VIEWS: Record<string, [hash: string, ready: string]> = {
  overview: ["#/", ".sources li"],
  record: ["#/record/County:puning", ".references li"],
  type: ["#/type/County", "tbody tr"],
  graph: [`#/graph?open=County:puning&${NODES}`, ".expansion"],
  table: [`#/graph?view=table&${NODES}`, "tbody tr"],
  timeline: ["#/query?view=timeline&query=" + encodeURIComponent("{ policies { id } events { id } }"), ".timeline li"],
  map: ["#/map", ".arc"],
  query: [`#/query?query=${QUERY}`, ".json"],
};

const WAYS: Record<string, Visit> = {
  light: { width: 1360, height: 860 },
  dark: { width: 1360, height: 860, dark: true },
  phone: { width: 390, height: 844 },
  english: { width: 1360, height: 860, language: "en" },
};

describe.each(Object.entries(WAYS))("%s", (way, how) => {
  it.each(Object.entries(VIEWS))("%s", async (name, [hash, ready]) => {
    const page = await visit(hash, how);
    await page.locator(ready).first().waitFor();
    await drawn(page);
    await page.screenshot({ path: join(SCREENSHOTS, `${name}-${way}.png`) });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(how.width ?? 0);
    expect(await violations(page)).toEqual([]);
  });
});

describe("the budget", () => {
  it("is at most 320 kB, gzipped, without GraphiQL", () => {
    const folder = join(import.meta.dirname, "../dist/app");
    const sizes = readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => !name.includes("graphiql") && statSync(join(folder, name)).isFile())
      .map((name) => ({ name, packed: name.endsWith(".gz"), size: statSync(join(folder, name)).size }));
    const packed = new Set(sizes.filter((one) => one.packed).map((one) => one.name.replace(/\.gz$/, "")));
    const sent = sizes.filter((one) => !packed.has(one.name)).reduce((sum, one) => sum + one.size, 0);
    console.log(`the explorer is ${sent} bytes, gzipped`);
    expect(sent).toBeLessThanOrEqual(320_000);
  });

  it("tells how soon the first view is there", async () => {
    const page = await visit("#/");
    await page.locator(".weave g").first().waitFor();
    const since = await page.evaluate(() => Math.round(performance.now()));
    console.log(`the first view was there after ${since} ms`);
    expect(since).toBeGreaterThan(0);
  });
});
