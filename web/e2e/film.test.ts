/** Does the page show a world that it has never seen? Types, labels and views come from the ontology alone. */
import { beforeAll, expect, it } from "vitest";
import { moveTo, settled, visit } from "./site";

beforeAll(() => moveTo("tests/film/schema.graphql", "tests/film/data"));

it("has an overview, records, a canvas and queries", async () => {
  const page = await visit("#/", { language: "en" });
  await page.locator(".types a", { hasText: "Film" }).click();
  await page.locator("tbody a", { hasText: "The Godfather" }).first().click();
  await page.getByRole("heading", { level: 1, name: /The Godfather/ }).waitFor();
  expect(await page.locator("section.link li").count()).toBeGreaterThan(0);
  await page.getByRole("button", { name: "Show in graph" }).click();
  await settled(page, /nodes=Film:/);
  await page.locator(".expansion").first().click();
  await settled(page, /nodes=.*!/);
  await page.getByRole("link", { name: "Query" }).click();
  await page.getByRole("button", { name: "Examples" }).waitFor();
});
