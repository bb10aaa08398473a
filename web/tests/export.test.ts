/** Are exported files what other programs read? */
import { describe, expect, it } from "vitest";
import { csv, edgesCsv, nodesCsv } from "../src/export/csv";
import { gexf } from "../src/export/gexf";
import { graphml } from "../src/export/graphml";
import type { OutGraph } from "../src/export/model";
import { svg } from "../src/export/svg";

const node = (id: string, label: string, x: number) => ({ id, label, type: "County", typeLabel: "县域", color: "#0d9488", size: 8, x, y: 0, point: x ? ([116.17, 23.31] as [number, number]) : null, times: "2015/2016" });
const GRAPH: OutGraph = {
  nodes: [node("County:a", 'A & <B> "C"', 0), node("County:b", "普宁", 100)],
  edges: [{ id: "R:a>b", source: "County:a", target: "County:b", type: "R", label: "到", color: null }],
};

describe("csv", () => {
  it("quotes what must be, and defuses formulas", () => {
    expect(csv([["a,b", 'c"d', "e\nf", -1, null], ["=1+1", "普宁"]])).toBe("\ufeff\"a,b\",\"c\"\"d\",\"e\nf\",-1,\r\n'=1+1,普宁\r\n");
  });

  it("holds nodes and edges", () => {
    expect(nodesCsv(GRAPH)).toContain("County:b,County,普宁,116.17,23.31,2015/2016");
    expect(edgesCsv(GRAPH)).toContain("County:a,County:b,R,R:a>b");
  });
});

describe.each([["gexf", gexf(GRAPH)], ["graphml", graphml(GRAPH)], ["svg", svg(GRAPH, { paper: "#fff", ink: "#000", edge: "#999", font: 'a, "b"' })]])("%s", (_, text) => {
  it("is balanced XML with every name in it", () => {
    expect(text).toContain("A &amp; &lt;B&gt; &quot;C&quot;");
    expect(text).toContain("普宁");
    const open: string[] = [];
    for (const [, close, name = "", own] of text.replace(/<\?.*?\?>/, "").matchAll(/<(\/?)([\w:]+)(?:\s+[\w:.-]+="[^"<]*")*\s*(\/?)>/g)) {
      if (own) continue;
      if (close) expect(open.pop()).toBe(name);
      else open.push(name);
    }
    expect(open).toEqual([]);
    expect(text.split("<").length).toBe(text.split(">").length);
  });
});

describe("svg", () => {
  it("has a line from rim to rim", () => {
    const text = svg(GRAPH, { paper: "#fff", ink: "#000", edge: "#999", font: "a" });
    expect(text.match(/<circle/g)).toHaveLength(2);
    expect(text).toMatch(/<line x1="78" y1="73" x2="360" y2="73"/);
  });
});
