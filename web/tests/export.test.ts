/** Is the drawn graph an SVG that other programs read? */
import { describe, expect, it } from "vitest";
import type { OutGraph } from "../src/export/model";
import { svg } from "../src/export/svg";

const node = (id: string, label: string, x: number) => ({ id, label, typeLabel: "县域", color: "#0d9488", size: 8, x, y: 0 });
const GRAPH: OutGraph = {
  nodes: [node("County:a", 'A & <B> "C"', 0), node("County:b", "普宁", 100)],
  edges: [{ source: "County:a", target: "County:b", label: "到" }],
};

describe.each([["svg", svg(GRAPH, { paper: "#fff", ink: "#000", edge: "#999", font: 'a, "b"' })]])("%s", (_, text) => {
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
