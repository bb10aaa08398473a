/** Is what opens over a view legible and within reach, on a phone too? Menus, dialogs, lists, notices. */
import { join } from "node:path";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { drawn, SCREENSHOTS, violations, visit } from "./site";

const NODES = "nodes=County:puning~17~91!City:guangzhou~-132~124!City:shenzhen~-60~207!Product:clothing~155~52";
const press = (name: string | RegExp) => (page: Page) => page.getByRole("button", { name }).first().click();

const OPENED: Record<string, [hash: string, open: (page: Page) => Promise<void>]> = {
  theme: ["#/", press("外观")],
  layouts: [`#/graph?${NODES}`, press("布局")],
  exports: [`#/graph?${NODES}`, press("导出")],
  legend: [`#/graph?${NODES}`, (page) => page.getByText("图例与筛选").click()],
  selection: [`#/graph?${NODES}&selected=County:puning!City:shenzhen`, async () => {}],
  query: ["#/record/County:puning", press("查询")],
  hits: ["#/record/County:puning", async (page) => {
    await page.getByRole("combobox").fill("shen");
    await page.getByRole("option").first().waitFor();
  }],
  examples: ["#/query", press("示例")],
  "answer-exports": ["#/query?query=%7B%20counties%20%7B%20id%20%7D%20%7D", async (page) => {
    await page.getByRole("button", { name: /放入图谱/ }).waitFor();
    await press("导出")(page);
  }],
  "map-exports": ["#/map", async (page) => {
    await page.getByText("图例").first().click();
    await press("导出")(page);
  }],
  follow: [`#/graph?from=Product:clothing&to=City:shenzhen&mode=K_SHORTEST&most=3&${NODES}`, (page) => page.getByText("所经关系").click()],
  arc: ["#/map", (page) => page.getByRole("button", { name: /深圳 → 普宁/ }).press("Enter")],
  history: ["#/record/County:puning?history=1", (page) => page.locator(".history li").first().waitFor()],
  wrong: ["#/query?query=%7B%20nothing%20%7D", async (page) => page.getByRole("alert").waitFor()],
};

describe.each([390, 1280])("at %i pixels", (width) => {
  it.each(Object.entries(OPENED).filter(([name]) => width === 390 || !["legend", "map-exports"].includes(name)))("%s", async (name, [hash, open]) => {
    const page = await visit(hash, { width, height: 844 });
    await drawn(page);
    await open(page);
    await drawn(page);
    await page.screenshot({ path: join(SCREENSHOTS, `opened-${name}-${width}.png`) });
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    expect(await hidden(page)).toEqual([]);
  });
});

/** What stands in an opened sheet, dialog or list and lies outside the window or under something else. */
function hidden(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll(".sheet .item, dialog[open] button, .hits [role=option], .selection button")].flatMap((one) => {
      const { left, top, width, height } = one.getBoundingClientRect();
      const over = document.elementFromPoint(left + width / 2, top + height / 2);
      const scrolled = one.closest(".sheet, .hits")?.scrollHeight !== one.closest(".sheet, .hits")?.clientHeight;
      return scrolled || one.contains(over) || over?.contains(one) ? [] : [`${one.textContent} under ${over?.className}`];
    }),
  );
}
