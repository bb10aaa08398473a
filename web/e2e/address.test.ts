/** Is the address the whole view, and does every view tell the query that gives it? */
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { drawn, settled, visit } from "./site";

const NODES = "nodes=County:puning~17~91!City:guangzhou~-132~124~p!City:shenzhen~-60~207!Product:clothing~155~52!County:shishi~250~-54";
const enc = encodeURIComponent;

const VIEWS: Record<string, string> = {
  type: "#/type/County?find=县&sort=-code&rows=50",
  "record with its history": "#/record/County:puning?history=1",
  "canvas with a filter, a layout and a selection": `#/graph?open=City:shenzhen&layout=circle&selected=City:shenzhen&without=Product&unlinked=PART_OF&${NODES}`,
  table: `#/graph?view=table&${NODES}&table=County&sort=-label&only=${enc("label~狮")}`,
  "table of all": `#/graph?view=table&${NODES}&sort=degree&only=${enc("here~>1")}`,
  paths: `#/graph?from=Product:clothing&to=City:shenzhen&mode=K_SHORTEST&most=3&follow=HAS_CLUSTER!RETURN_ROUTE&nth=1&${NODES}`,
  "map of the canvas": `#/graph?view=map&${NODES}&at=114.000~23.000~6.50`,
  map: "#/map?layer=RETURN_ROUTE&width=main&open=City:shenzhen&at=116.000~24.000~7.20",
  query: `#/query?view=table&open=County:puning&query=${enc("query ($f: String!) { counties(where: { name: { eq: $f } }) { id name code } }")}&variables=${enc('{"f": "普宁"}')}&sort=-name`,
  timeline: `#/query?view=timeline&query=${enc("{ policies { id } events { id } }")}&years=2014~2015`,
};

/** What a person sees: texts, what is pressed and typed, where the map is, light or dark. */
async function seen(page: Page): Promise<unknown> {
  await drawn(page);
  await page.locator("main").waitFor();
  return page.evaluate(() => ({
    text: document.querySelector("main")?.innerText.replace(/\d+ 毫秒/, ""),
    pressed: [...document.querySelectorAll("[aria-pressed=true], [aria-checked=true]")].map((one) => one.textContent),
    typed: [...document.querySelectorAll("input, select, textarea")].map((one) => (one as HTMLInputElement).value),
    land: document.querySelector(".land")?.getAttribute("transform"),
    ground: getComputedStyle(document.body).backgroundColor,
    lang: document.documentElement.lang,
  }));
}

describe("an address", () => {
  it.each(Object.entries(VIEWS))("gives the same view again, and to others: %s", async (_, hash) => {
    const page = await visit(`${hash}&lang=zh&theme=dark`);
    await expect.poll(async () => ((await seen(page)) as { text: string }).text).not.toMatch(/读取中/);
    const before = await seen(page);
    await page.reload();
    await expect.poll(() => seen(page)).toEqual(before);
    const other = await visit(new URL(page.url()).hash, { language: "en" });
    await expect.poll(() => seen(other)).toEqual(before);
  });

  it("follows what a person does on the map, the table, the language and the theme", async () => {
    const page = await visit("#/map");
    await page.locator(".arc").first().waitFor();
    await page.getByRole("button", { name: "放大" }).click();
    const at = /at=([\d.~-]+)/.exec(await settled(page, /at=/))?.[1]?.split("~").map(Number) ?? [];
    expect(at[0]).toBeGreaterThan(105);
    expect(at[1]).toBeLessThan(40);
    await page.getByRole("button", { name: "适合窗口" }).click();
    await settled(page, /^(?!.*at=)/);
    await page.getByRole("button", { name: "English" }).click();
    await settled(page, /lang=en/);
    await page.getByRole("button", { name: "Appearance" }).click();
    await page.getByRole("menuitemradio", { name: "Dark" }).click();
    await settled(page, /theme=dark/);
    await page.getByRole("link", { name: "Overview" }).click();
    await settled(page, /lang=en&theme=dark/);
    await page.goto(page.url().replace(/#.*/, `#/graph?view=table&${NODES}`));
    await page.getByRole("button", { name: /^Sort by|^Name/ }).first().click();
    await page.getByRole("searchbox", { name: "Filter: Name" }).fill("shi");
    await settled(page, /sort=label&only=label~shi/);
    expect(await page.locator("tbody tr").count()).toBe(1);
  });
});

describe("the query behind", () => {
  const open = (page: Page, name: string | RegExp = "查询") => page.locator("main").getByRole("button", { name, exact: typeof name === "string" }).first().click();
  const BEHIND: [string, string, (page: Page) => Promise<void>, RegExp][] = [
    ["the overview", "#/", (page) => open(page), /"name": "County"/],
    ["the sources", "#/", (page) => page.locator("section", { hasText: "数据来自哪里" }).getByRole("button", { name: "查询" }).last().click(), /"citedBy"/],
    ["a type", "#/type/County?sort=-code", (page) => open(page), /"totalCount": 40/],
    ["a record", "#/record/County:puning", (page) => open(page), /普宁市/],
    ["its history", "#/record/County:puning?history=1", (page) => page.locator(".history").getByRole("button", { name: "查询" }).click(), /"CREATED"/],
    ["the canvas", `#/graph?${NODES}`, (page) => open(page, "此视图的查询"), /RETURN_ROUTE:City:shenzhen>County:puning/],
    ["the canvas as a table", `#/graph?view=table&table=County&${NODES}`, (page) => open(page), /445281/],
    ["the canvas as a timeline", `#/graph?view=timeline&${NODES}`, (page) => open(page, "此视图的查询"), /"period": "2015\/2016"/],
    ["paths", VIEWS.paths ?? "", (page) => open(page), /"length": 2/],
    ["the map", "#/map", (page) => open(page), /"location"[^]*"scope": "ACROSS_PROVINCES"/],
    ["what was searched", "#/record/County:puning", async (page) => {
      await page.getByRole("combobox").fill("shenzhen");
      await page.locator(".hits").getByRole("button", { name: "查询" }).click();
    }, /City:shenzhen/],
  ];

  it.each(BEHIND)("%s runs and gives that", async (_, hash, ask, expected) => {
    const page = await visit(hash);
    await drawn(page);
    await ask(page);
    await page.getByRole("dialog").getByRole("button", { name: "在查询页打开" }).click();
    await page.locator(".json").waitFor();
    expect(await page.locator(".json").textContent()).toMatch(expected);
    expect(await page.locator(".errors").count()).toBe(0);
  });
});
