/** Is every query that the page builds valid against the served schema, for any ontology? */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, validate } from "graphql";
import { afterAll, describe, expect, it } from "vitest";
import { readCards } from "../src/model/card";
import { PATH_MODES } from "../src/model/place";
import { readRecord } from "../src/model/record";
import * as card from "../src/query/card";
import * as record from "../src/query/record";
import SEARCH, { type Data } from "../src/query/asked/search.graphql?raw";
import { literal, name, type Asked } from "../src/query/text";
import { valueText } from "../src/text/values";
import { world } from "./worlds";

const ASKED = join(import.meta.dirname, "../src/query/asked");
const WORLDS = { seed: world("schema.graphql", "seed"), film: world("tests/film/schema.graphql", "tests/film/data") };
afterAll(() => Object.values(WORLDS).forEach((one) => one.end()));

describe.each(Object.entries(WORLDS))("queries of the world %s", (_, { schema, ontology, ask }) => {
  const roots = schema.getQueryType()?.getFields() ?? {};
  const valid = (text: string) => expect(validate(schema, parse(text)).map((error) => error.message), text).toEqual([]);

  it("asks about the whole", () => {
    for (const file of readdirSync(ASKED)) valid(readFileSync(join(ASKED, file), "utf8"));
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
    valid(card.mapQuery(ontology, null) ?? "");
    valid(card.beginningsQuery(ontology, ontology.nodeTypes.slice(0, 3)));
    for (const type of ontology.nodeTypes) {
      valid(card.rowsQuery(type, ["A:b"]));
      valid(card.allQuery(type, 'a "quoted" name'));
      valid(card.listQuery(ontology, type, "", null, 50));
      for (const info of card.shownColumns(type).filter(card.sortable)) valid(card.listQuery(ontology, type, 'a "quoted" name', `-${info.name}`, 50));
    }
    valid(card.canvasQuery(ontology, ["A:b"], []));
    valid(card.canvasQuery(ontology, ["A:b"], ontology.served.relationships.map((one) => one.type)));
    for (const layer of card.arcLayers(ontology)) [card.arcsQuery(ontology, layer), card.mapQuery(ontology, layer) ?? ""].forEach(valid);
  });

  it.runIf("subgraph" in roots)("asks for edges among nodes", () => valid(card.edgesQuery(ontology, ["A:b", "A:c"])));
  it.runIf("paths" in roots)("asks for paths", () => PATH_MODES.forEach((mode) => valid(card.pathsQuery(ontology, { from: "A:b", to: "A:c", mode, most: 4, follow: mode === "SHORTEST" ? null : ["PART_OF", "SEQUEL_OF"].filter((one) => ontology.relationships.has(one)), nth: 0 }))));

  it("reads what it asked for", () => {
    const type = ontology.nodeTypes.find((one) => one.count > 0 && one.list && one.name !== "Source");
    const { [type?.list ?? ""]: all = [] } = ask<Record<string, { id: string }[]>>(`{ ${type?.list}(limit: 3) { id } }`);
    const read = all.map(({ id }) => readRecord(ontology, ask(record.recordQuery(ontology, id))));
    expect(read.map((one) => one?.id)).toEqual(all.map(({ id }) => id));
    const { nodes } = ask(card.cardsQuery(ontology, all.map(({ id }) => id)));
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
    const { nodes } = ask(card.cardsQuery(ontology, ["County:puning", "Product:clothing"]));
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

it("knows by the schema what its own questions bring", () => {
  const label = (data: Data) => data.search.edges.map(({ node }) => node.label);
  // @ts-expect-error nobody asked for titles
  const title = (data: Data) => data.search.edges.map(({ node }) => node.title);
  const ask = <V>(_: Asked<unknown, V>, variables: V) => variables;
  // @ts-expect-error the text to search for is missing
  ask(SEARCH, {});
  expect(ask(SEARCH, { text: "普宁" })).toEqual({ text: "普宁" });
  expect([label, title].map((read) => read({ search: { edges: [] } }))).toEqual([[], []]);
});

describe("values", () => {
  const { ontology } = WORLDS.seed;

  it("are said in the words of the ontology", () => {
    const scope = ontology.relationships.get("RETURN_ROUTE")?.properties.find(({ name }) => name === "scope");
    expect(scope && [valueText(scope, "ACROSS_PROVINCES", "zh"), valueText(scope, "ACROSS_PROVINCES", "en")]).toEqual(["跨省返乡", "Across provinces"]);
  });

  it("have a word in Chinese, each", () => {
    const infos = [...ontology.served.types.flatMap((one) => one.fields), ...ontology.served.relationships.flatMap((one) => one.properties)];
    const values = infos.flatMap((info) => info.values ?? []);
    expect(values.length).toBeGreaterThan(100);
    expect(values.filter(({ display }) => !display.zh).map(({ name }) => name)).toEqual([]);
  });
});

describe("text", () => {
  it("writes values as GraphQL does", () => {
    expect(literal({ a: 'x"y\n', b: [name("ASC"), 1, null, true], c: undefined })).toBe('{ a: "x\\"y\\n", b: [ASC, 1, null, true] }');
  });
});
