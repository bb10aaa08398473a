/** Do the map, the query page and the preferences do what they say? */
import { describe, expect, it } from "vitest";
import { settled, visit } from "./site";

describe("the overview", () => {
  it("tells types, how they relate, and where the data comes from", async () => {
    const page = await visit("#/");
    const county = page.getByRole("link", { name: /县域\s*40/ });
    await county.hover();
    await page.locator(".relations", { hasText: "产业集群" }).waitFor();
    await page.locator(".sources li", { hasText: "返乡电商创业成为热点" }).waitFor();
    await county.click();
    await page.locator("tbody tr").first().waitFor();
    await page.getByRole("searchbox").fill("普宁");
    await settled(page, /find=普宁/);
    await page.locator("tbody tr", { hasText: "普宁市" }).waitFor();
  });
});

describe("the map", () => {
  it("draws the return routes as arcs, and opens them and their ends", async () => {
    const page = await visit("#/map");
    await page.locator(".arc").nth(18).waitFor();
    expect(await page.locator(".arc").count()).toBe(19);
    const widths = await page.locator(".arc .line").evaluateAll((lines) => new Set(lines.map((line) => line.getAttribute("stroke-width"))).size);
    expect(widths).toBeGreaterThan(1);
    expect(await page.locator(".land").getAttribute("d")).toMatch(/^M/);
    await page.getByRole("button", { name: /深圳 → 普宁/ }).press("Enter");
    const aside = page.getByRole("complementary", { name: "详情" });
    await aside.getByText("热门返乡路线 · 广州/深圳、北京/上海、杭州").waitFor();
    await aside.getByRole("button", { name: "普宁" }).click();
    await aside.getByRole("heading", { level: 1, name: /普宁/ }).waitFor();
  });
});

describe("the query page", () => {
  it("answers the known question, in every view", async () => {
    const page = await visit("#/query");
    await page.getByRole("button", { name: "运行" }).click();
    const answer = page.getByRole("region", { name: "结果" });
    await answer.getByText('"普宁"').waitFor();
    await answer.getByRole("button", { name: "表格" }).click();
    await answer.locator("td", { hasText: "SPECIALTY_COLUMN" }).waitFor();
    await answer.getByRole("button", { name: "图谱", exact: true }).click();
    await answer.getByRole("img", { name: /3 节点/ }).waitFor();
    await answer.getByRole("button", { name: "地图" }).click();
    await answer.getByRole("button", { name: "普宁" }).waitFor();
    await answer.getByRole("button", { name: "时间线" }).click();
    await settled(page, /view=timeline/);
    await page.reload();
    await settled(page, /view=timeline/);
  });

  it("completes and marks errors by the served schema", async () => {
    const page = await visit("#/query");
    const editor = page.getByRole("textbox", { name: "GraphQL 查询" });
    await editor.click();
    await page.keyboard.press("Control+a");
    await page.keyboard.press("Delete");
    await page.keyboard.type("{ countie");
    await page.keyboard.press("Control+Space");
    await page.locator(".cm-tooltip-autocomplete li", { hasText: "counties" }).first().waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+a");
    await page.keyboard.press("Delete");
    await page.keyboard.type("{ nothingLikeThis");
    await page.locator(".cm-lintRange-error").first().waitFor();
    await page.getByRole("button", { name: "运行" }).click();
    await page.getByRole("alert").getByText(/GRAPHQL_VALIDATION_FAILED/).waitFor();
  });

  it("takes variables and examples, and remembers", async () => {
    const query = encodeURIComponent("query ($name: String!) { counties(where: { name: { eq: $name } }) { name } }");
    const page = await visit(`#/query?query=${query}&variables=${encodeURIComponent('{"name": "石狮"}')}`);
    await page.locator(".json", { hasText: "石狮" }).waitFor();
    await page.getByRole("button", { name: "示例" }).click();
    await page.getByRole("button", { name: /所有返乡路线/ }).click();
    await page.locator(".json", { hasText: "ACROSS_PROVINCES" }).waitFor();
    await page.getByRole("button", { name: "历史" }).click();
    await page.getByRole("button", { name: /query \(\$name/ }).waitFor();
  });

  it("has GraphiQL itself beside it", async () => {
    const page = await visit("/graphiql");
    await page.locator(".graphiql-query-editor").waitFor();
    await page.getByRole("button", { name: /execute query/i }).waitFor();
  });
});

describe("a person", () => {
  it("reads in Chinese or English, and it is kept", async () => {
    const page = await visit("#/record/County:puning");
    await page.getByRole("button", { name: "English" }).click();
    await page.getByRole("heading", { level: 1, name: /^Puning/ }).waitFor();
    await page.getByRole("heading", { name: /Returnees from/ }).waitFor();
    await page.reload();
    await page.getByRole("heading", { level: 1, name: /^Puning/ }).waitFor();
  });

  it("reads by day or by night", async () => {
    const page = await visit("#/");
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await ground();
    await page.getByRole("button", { name: "外观" }).click();
    await page.getByRole("menuitemradio", { name: "深色" }).click();
    expect(await ground()).not.toBe(light);
    const night = await visit("#/", { dark: true });
    expect(await night.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(await ground());
  });

  it("gets along with the keyboard alone", async () => {
    const page = await visit("#/");
    await page.getByRole("combobox").first().waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("shenzhen");
    await page.getByRole("option", { name: /深圳/ }).first().waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: /深圳/ }).waitFor();
    await tabTo(page, "在图谱中查看");
    await page.keyboard.press("Enter");
    await settled(page, /nodes=City:shenzhen/);
    await tabTo(page, "返乡去向");
    await page.keyboard.press("Enter");
    await settled(page, /County:puning/);
    await page.getByRole("application").focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Delete");
    await page.keyboard.press("Control+z");
    await tabTo(page, "表格");
    await page.keyboard.press("Space");
    await page.getByRole("columnheader", { name: "名称" }).waitFor();
    await tabTo(page, "外观");
    await page.keyboard.press("Enter");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await settled(page, /theme=light/);
  });
});

/** Presses Tab until the focus is on what has this name. */
async function tabTo(page: Awaited<ReturnType<typeof visit>>, name: string): Promise<void> {
  for (let step = 0; step < 150; step++) {
    const here = await page.evaluate(() => `${document.activeElement?.getAttribute("aria-label") ?? ""} ${document.activeElement?.textContent ?? ""}`);
    if (here.includes(name) && here.length < 200) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab never came to ${name}`);
}
