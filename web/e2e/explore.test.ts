/** Can a person find a record, read who says so, and explore from there? */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { nodesIn, settled, visit } from "./site";

const PUNING = "#/graph?nodes=County:puning~0~0";

describe("a record", () => {
  it("is found by pinyin, and tells its facts with their sources", async () => {
    const page = await visit("#/");
    await page.getByRole("combobox").first().fill("puning");
    await page.getByRole("option", { name: /普宁/ }).first().click();
    await page.getByRole("heading", { level: 1, name: "普宁" }).waitFor();
    expect(page.url()).toContain("#/record/County:puning");
    const clusters = page.locator("section.link", { has: page.getByRole("heading", { name: /产业集群/ }) });
    expect(await clusters.textContent()).toContain("服装");
    expect(await clusters.textContent()).toContain("返乡电商创业成为热点 热点县域 · 表 全国10县");
    const facts = page.locator(".facts");
    expect(await facts.textContent()).toContain("普宁市");
    await page.locator(".references a", { hasText: "返乡电商创业成为热点" }).first().click();
    await page.getByRole("heading", { level: 1, name: "返乡电商创业成为热点" }).waitFor();
  });

  it("shows the query behind it, which runs in the query page", async () => {
    const page = await visit("#/record/County:puning");
    await page.getByRole("button", { name: "查询" }).click();
    const dialog = page.getByRole("dialog");
    expect(await dialog.locator("pre").textContent()).toContain('record: county(key: "puning")');
    await dialog.getByRole("button", { name: "在查询页打开" }).click();
    await page.locator(".json", { hasText: "普宁市" }).waitFor();
  });
});

describe("the history of a record", () => {
  it("tells who changed what, before and after", async () => {
    const page = await visit("#/record/County:anxi");
    await page.getByRole("heading", { level: 1, name: /安溪/ }).waitFor();
    expect(await page.title()).toBe("安溪 · 归图");
    const change = 'mutation { commit(message: "checked again") { revision } updateCounties(where: { key: { eq: "anxi" } }, set: { code: "350599" }) { updated } }';
    const answer = await page.evaluate(async (query) => (await fetch("/graphql", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ query }) })).text(), change);
    expect(answer).toContain('"updated":1');
    await page.getByText("变更记录").click();
    await settled(page, /history=1/);
    const latest = page.locator(".history li").first();
    await latest.getByText("checked again").waitFor();
    expect(await latest.textContent()).toContain("行政区划代码350524 → 350599");
    expect(await page.locator(".history li").last().textContent()).toContain("新建");
  });
});

describe("the canvas", () => {
  it("expands by relationship, with the count before the data", async () => {
    const page = await visit(`${PUNING}&open=County:puning`);
    const cities = page.getByRole("button", { name: /返乡来源城市/ });
    expect(await cities.textContent()).toContain("2");
    await cities.click();
    const hash = await settled(page, /City:shenzhen/);
    expect(nodesIn(hash)).toHaveLength(3);
    await page.getByRole("button", { name: /返乡来源城市\s*2 \/ 2/ }).waitFor();
    await page.getByRole("button", { name: /返乡路线\s*2/ }).waitFor();
  });

  it("brings neighbours page by page", async () => {
    const page = await visit("#/graph?nodes=Source:park-report-2015~0~0&open=Source:park-report-2015");
    const about = page.locator(".expansion", { hasText: "37" });
    expect(await about.textContent()).toContain("+25");
    await about.click();
    await page.locator(".expansion", { hasText: /25 \/ 37/ }).waitFor();
    expect(nodesIn(await settled(page, /!.*!/))).toHaveLength(26);
    await about.click();
    await page.locator(".expansion", { hasText: /37 \/ 37/ }).waitFor();
    await settled(page, /(?:![^!]*){37}/);
  });

  it("undoes and redoes, removes, collapses and pins", async () => {
    const page = await visit(`${PUNING}&open=County:puning`);
    await page.getByRole("button", { name: /返乡来源城市/ }).click();
    await settled(page, /City:shenzhen/);
    await page.getByRole("button", { name: "撤销" }).click();
    expect(nodesIn(await settled(page, /^(?!.*shenzhen).*puning/))).toHaveLength(1);
    await page.getByRole("button", { name: "重做" }).click();
    await settled(page, /City:shenzhen/);
    await page.getByRole("button", { name: "收起" }).click();
    await settled(page, /^(?!.*shenzhen).*puning/);
    await page.getByRole("button", { name: "固定", exact: true }).click();
    await settled(page, /County:puning~-?\d+~-?\d+~p/);
    await page.getByRole("button", { name: "移除" }).click();
    await page.getByText("图谱还是空的").waitFor();
    await page.keyboard.press("Control+z");
    await settled(page, /County:puning/);
  });

  it("filters by its legend", async () => {
    const page = await visit(`${PUNING}!City:shenzhen~100~0!City:guangzhou~50~80`);
    const cities = page.getByRole("button", { name: /^城市\s*2/ });
    await cities.click();
    await settled(page, /without=City/);
    expect(await cities.getAttribute("aria-pressed")).toBe("false");
    await page.getByRole("button", { name: "表格" }).click();
    expect(await page.locator("tbody tr").count()).toBe(1);
  });

  it("finds the paths between two", async () => {
    const page = await visit("#/graph?nodes=Product:clothing~0~0!City:shenzhen~100~0&selected=Product:clothing!City:shenzhen");
    await page.getByRole("button", { name: "两者间的路径" }).click();
    const ways = page.locator(".ways button");
    await ways.filter({ hasText: "普宁" }).waitFor();
    const hash = await settled(page, /from=Product:clothing&to=City:shenzhen&mode=ALL_SHORTEST.*County:puning/);
    expect(hash).toMatch(/selected=Product:clothing![^&]*City:shenzhen/);
    await page.getByRole("combobox", { name: "查找" }).selectOption("K_SHORTEST");
    await page.getByRole("spinbutton", { name: "几条" }).fill("3");
    await page.getByRole("spinbutton", { name: "几条" }).press("Tab");
    await settled(page, /mode=K_SHORTEST&most=3/);
    await expect.poll(() => ways.count()).toBe(3);
    await ways.nth(2).click();
    const third = await settled(page, /nth=2/);
    await expect.poll(() => ways.nth(2).getAttribute("aria-pressed")).toBe("true");
    const other = await visit(third);
    await other.locator('.ways button[aria-pressed="true"]').waitFor();
    expect(await other.locator('.ways button[aria-pressed="true"]').textContent()).toBe(await ways.nth(2).textContent());
  });

  it("follows only chosen relationships, up to a length", async () => {
    const page = await visit("#/graph?from=Product:clothing&to=City:shenzhen&mode=ALL_SIMPLE&most=2&nodes=Product:clothing~0~0!City:shenzhen~100~0");
    await page.locator(".ways button").first().waitFor();
    await page.getByText("所经关系").click();
    const all = await page.locator(".follow input:checked").count();
    await page.getByRole("checkbox", { name: "返乡路线" }).uncheck();
    expect((await settled(page, /follow=/)).split("!").length).toBeGreaterThan(all - 2);
    await page.getByRole("complementary").getByText("两者之间没有路径").waitFor();
  });

  it("finds paths from one record to the next that is opened, and adds what is searched for", async () => {
    const page = await visit("#/graph?nodes=Product:clothing~0~0&open=Product:clothing");
    await page.getByRole("button", { name: "以此为路径起点" }).click();
    await page.getByRole("combobox").fill("shenzhen");
    await page.getByRole("option", { name: /深圳/ }).first().click();
    await page.getByRole("button", { name: "路径起自 服装" }).click();
    await settled(page, /County:puning/);
    await page.getByRole("button", { name: "隐藏无关" }).waitFor();
    await page.getByRole("button", { name: "此视图的查询" }).click();
    expect(await page.getByRole("dialog").locator("pre").textContent()).toContain('neighborhood(of: [{ id: "Product:clothing" }');
  });

  it("keeps places, and the whole view in its address", async () => {
    const page = await visit(`${PUNING}&open=County:puning`);
    await page.getByRole("button", { name: /返乡来源城市/ }).click();
    await settled(page, /City:shenzhen~-?\d+~-?\d+/);
    await page.locator(".toolbar").getByRole("button", { name: "布局" }).click();
    await page.getByRole("menuitemradio", { name: "环形" }).click();
    const before = await settled(page, /layout=circle/);
    await page.reload();
    await page.getByRole("button", { name: /返乡路线\s*2/ }).waitFor();
    expect(nodesIn(decodeURIComponent(new URL(page.url()).hash))).toEqual(nodesIn(before));
    await page.getByRole("button", { name: "分享" }).click();
    const shared = await page.evaluate(() => navigator.clipboard.readText());
    const other = await visit(`${new URL(shared).search}${new URL(shared).hash}`);
    await other.getByRole("button", { name: /返乡路线\s*2/ }).waitFor();
  });

  it("exports a picture that is not blank, and files for other programs", async () => {
    const page = await visit(`${PUNING}!City:shenzhen~100~40!City:guangzhou~50~80`);
    await page.getByRole("button", { name: /返乡路线\s*2/ }).waitFor();
    const take = async (format: string) => {
      await page.getByRole("button", { name: "导出" }).click();
      const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: format, exact: true }).click()]);
      return { name: file.suggestedFilename(), content: readFileSync(await file.path()) };
    };
    const picture = await take("PNG");
    expect(picture.name).toBe("guitu.png");
    expect(await colours(page, picture.content)).toBeGreaterThan(20);
    expect((await take("GEXF")).content.toString()).toContain('source="City:shenzhen" target="County:puning"');
    expect((await take("GraphML")).content.toString()).toContain('<node id="County:puning">');
    expect((await take("SVG")).content.toString()).toContain("普宁");
    expect((await take("CSV")).content.toString()).toContain("County:puning,普宁,County,puning,Puning,普宁");
    await page.getByRole("button", { name: /^返乡路线\s*2/ }).click();
    expect((await take("GEXF")).content.toString()).not.toContain('<edge id=');
  });
});

/** How many different colours a picture has. */
async function colours(page: Awaited<ReturnType<typeof visit>>, png: Buffer): Promise<number> {
  return page.evaluate(async (bytes) => {
    const picture = await createImageBitmap(await (await fetchBlob(bytes)).blob());
    const sheet = new OffscreenCanvas(picture.width, picture.height);
    const pen = sheet.getContext("2d");
    pen?.drawImage(picture, 0, 0);
    const { data } = pen?.getImageData(0, 0, picture.width, picture.height) ?? { data: [] };
    const seen = new Set<number>();
    for (let at = 0; at < data.length; at += 4) seen.add(((data[at] ?? 0) << 16) | ((data[at + 1] ?? 0) << 8) | (data[at + 2] ?? 0));
    return seen.size;
    async function fetchBlob(base64: string) {
      const raw = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
      return new Response(raw, { headers: { "content-type": "image/png" } });
    }
  }, png.toString("base64"));
}
