/** Is every query that the page builds valid against the served schema, for any ontology? */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, validate } from "graphql";
import { afterAll, describe, expect, it } from "vitest";
import { readCards, type RawNode } from "../src/model/card";
import { readRecord } from "../src/model/record";
import * as card from "../src/query/card";
import * as overview from "../src/query/overview";
import * as record from "../src/query/record";
import { literal, name } from "../src/query/text";
import { world } from "./worlds";

const WORLDS = { seed: world("schema.graphql", "seed"), film: world("tests/film/schema.graphql", "tests/film/data") };
afterAll(() => Object.values(WORLDS).forEach((one) => one.end()));

describe.each(Object.entries(WORLDS))("queries of the world %s", (_, { schema, ontology, ask }) => {
  const roots = schema.getQueryType()?.getFields() ?? {};
  const valid = (text: string) => expect(validate(schema, parse(text)).map((error) => error.message), text).toEqual([]);

  it("asks about the whole", () => {
    [overview.ONTOLOGY, overview.SOURCES, overview.ABILITIES].forEach(valid);
  });

  it("asks about a record of every type", () => {
    for (const type of ontology.nodeTypes) valid(record.recordQuery(ontology, `${type.name}:some "key"`));
  });

  it("asks for more of every relationship", () => {
    for (const type of ontology.nodeTypes)
      for (const info of type.fields.filter((one) => one.kind !== "PROPERTY")) {
        valid(record.linkQuery(ontology, `${type.name}:a`, info.name, 25, null));
        valid(record.linkQuery(ontology, `${type.name}:a`, info.name, 25, "cursor"));
      }
    valid(record.linkQuery(ontology, "Source:a", "citedBy", 25, null));
  });

  it("asks for cards, rows and lists", () => {
    valid(card.cardsQuery(ontology, ["A:b"]));
    valid(card.placedQuery(ontology));
    valid(card.beginningsQuery(ontology.nodeTypes.slice(0, 3)));
    for (const type of ontology.nodeTypes) {
      valid(card.rowsQuery(type, ["A:b"]));
      valid(card.listQuery(type, 'a "quoted" name', 50, "cursor"));
    }
    valid(card.viewQuery(ontology, ["A:b"], "subgraph" in roots));
    for (const layer of card.arcLayers(ontology)) valid(card.arcsQuery(ontology, layer));
  });

  it.runIf("search" in roots)("searches", () => valid(card.searchQuery("普宁", 12)));
  it.runIf("subgraph" in roots)("asks for edges among nodes", () => valid(card.edgesQuery(["A:b", "A:c"])));
  it.runIf("paths" in roots)("asks for paths", () => valid(card.pathsQuery(ontology, "A:b", "A:c", 10)));

  it("reads what it asked for", () => {
    const type = ontology.nodeTypes.find((one) => one.count > 0 && one.list && one.name !== "Source");
    const { [type?.list ?? ""]: all = [] } = ask<Record<string, { id: string }[]>>(`{ ${type?.list}(limit: 3) { id } }`);
    const read = all.map(({ id }) => readRecord(ontology, ask(record.recordQuery(ontology, id))));
    expect(read.map((one) => one?.id)).toEqual(all.map(({ id }) => id));
    const { nodes } = ask<{ nodes: RawNode[] }>(card.cardsQuery(ontology, all.map(({ id }) => id)));
    expect(readCards(ontology, nodes).map((one) => one.label)).toEqual(read.map((one) => one?.label));
  });
});

describe("the bundled graph", () => {
  const { ontology, ask } = WORLDS.seed;

  it("tells for every fact of a county who says so, and where", () => {
    const puning = readRecord(ontology, ask(record.recordQuery(ontology, "County:puning")));
    expect(puning?.label).toBe("普宁");
    const clusters = puning?.links.find((link) => link.name === "clusters");
    expect(clusters).toMatchObject({ total: 1, next: null });
    expect(clusters?.neighbours[0]?.edge?.references[0]).toMatchObject({ source: { label: "返乡电商创业成为热点" }, locator: "热点县域 · 表 全国10县" });
  });

  it("puts places on the map and return routes between them", () => {
    const [layer] = card.arcLayers(ontology);
    expect(layer?.type).toBe("RETURN_ROUTE");
    const { nodes } = ask<{ nodes: RawNode[] }>(card.cardsQuery(ontology, ["County:puning", "Product:clothing"]));
    expect(readCards(ontology, nodes).map((one) => one.point?.map(Math.round) ?? null)).toEqual([[116, 23], null]);
  });
});

describe("examples", () => {
  const { schema } = WORLDS.seed;
  const folder = join(import.meta.dirname, "../src/samples");

  it.each(readdirSync(folder))("%s can be asked of the bundled graph", (file) => {
    const text = readFileSync(join(folder, file), "utf8");
    expect(validate(schema, parse(text))).toEqual([]);
    expect(text).toMatch(/^# zh: .+\n# en: .+\n/);
  });
});

describe("text", () => {
  it("writes values as GraphQL does", () => {
    expect(literal({ a: 'x"y\n', b: [name("ASC"), 1, null, true], c: undefined })).toBe('{ a: "x\\"y\\n", b: [ASC, 1, null, true] }');
  });
});
