/** Are tables, records and errors found in answers of any shape? */
import { buildSchema } from "graphql";
import { describe, expect, it } from "vitest";
import { errorText, nodeIds, tables } from "../src/model/answer";
import { sortRows, textCell, numberCell } from "../src/model/rows";
import { withIds } from "../src/query/ids";

const ANSWER = {
  counties: [
    { name: "普宁", rank: 2, clustersConnection: { edges: [{ node: { name: "服装", guituId: "Product:a" } }, { node: { name: "茶" } }] } },
    { name: "石狮", rank: null, clustersConnection: { edges: [] } },
  ],
  revision: "1",
};

describe("answers", () => {
  it("are tables, with what lies in lists joined", () => {
    const [first] = tables(ANSWER);
    expect(first?.path).toBe("counties");
    expect(first?.columns.map(({ name, number }) => [name, number])).toEqual([["name", false], ["rank", true], ["clustersConnection.name", false]]);
    expect(first?.rows[0]?.cells.map(({ text }) => text)).toEqual(["普宁", "2", "服装, 茶"]);
    expect(first?.rows[1]?.cells.map(({ text }) => text)).toEqual(["石狮", "", ""]);
  });

  it("without a list are one row", () => {
    expect(tables({ county: { name: "普宁" } })[0]?.rows).toHaveLength(1);
    expect(tables({})).toEqual([]);
  });

  it("speak of records of known types, each once", () => {
    const data = { a: { id: "County:x" }, b: [{ guituId: "County:x" }, { id: "City:y" }, { id: "RETURN_ROUTE:z" }], c: { other: "City:no" } };
    expect(nodeIds(data, (type) => ["County", "City"].includes(type))).toEqual(["County:x", "City:y"]);
  });

  it("tell errors with place and hint", () => {
    const error = { message: "no", path: ["a", 0], locations: [{ line: 2, column: 3 }], extensions: { code: "BAD_USER_INPUT", hint: "try" } };
    expect(errorText(error)).toBe("BAD_USER_INPUT: no (2:3)\n  at a.0\n  try");
  });
});

describe("rows", () => {
  const rows = ["深圳", "普宁", "", "广州"].map((name, at) => ({ id: String(at), cells: [textCell(name), numberCell(at === 1 ? null : at)] }));
  const order = (column: number, down: boolean) => sortRows(rows, { column, down }, "zh").map(({ id }) => id);

  it("sort by pinyin and by number, empty ones last both ways", () => {
    expect(order(0, false)).toEqual(["3", "1", "0", "2"]);
    expect(order(0, true)).toEqual(["0", "1", "3", "2"]);
    expect(order(1, true)).toEqual(["3", "2", "0", "1"]);
  });
});

describe("ids", () => {
  const schema = buildSchema("interface Node { id: ID! } type County implements Node { id: ID! name: String parts: [County] size: Size } type Size { a: Int } type Query { counties: [County] node: Node }");

  it("are asked for wherever nodes are selected", () => {
    const text = withIds(schema, "{ counties { name parts { name } size { a } } node { ... on County { name } } }");
    expect(text.match(/guituId: id/g)).toHaveLength(4);
    expect(text).toContain("size {\n      a\n    }");
  });

  it("leave alone what cannot be read", () => expect(withIds(schema, "{ counties {")).toBe("{ counties {"));
});
