/** Are arcs as wide as edges say, and do names keep apart? */
import { describe, expect, it } from "vitest";
import { dashBy, named, projectionFor, widthBy, widthFields, type Point } from "../src/layout/map";
import type { Arc, Card } from "../src/model/card";
import type { FieldInfo } from "../src/model/ontology";

const info = (name: string, type: string, more: Partial<FieldInfo> = {}): FieldInfo => ({
  name, type, kind: "PROPERTY", description: null, display: { color: null, icon: null, zh: null, en: null },
  list: false, required: false, localized: false, search: false, min: null, unit: null, values: null,
  relationship: null, direction: null, target: null, many: null, ...more,
});
const card = (id: string, label = id): Card => ({ id, label, type: "A", degree: null, point: [0, 0], times: [] });
const arc = (values: [FieldInfo, unknown][]): Arc => ({
  id: "1", type: "R", source: "A:a", target: "A:b", from: card("A:a"), to: card("A:b"), references: [],
  facts: values.map(([field, value]) => ({ field, value, texts: [] })),
});

describe("arcs", () => {
  const people = info("people", "Int");
  const rank = info("rank", "Int", { min: 1 });
  const scope = info("scope", "Scope");

  it("are wide where a number is large", () => {
    const [few, many, none] = [arc([[people, 2]]), arc([[people, 40]]), arc([])];
    const width = widthBy(people, [few, many, none]);
    expect(width?.of(many)).toBeGreaterThan(width?.of(few) ?? 0);
    expect(width?.of(none)).toBe(width?.of(few));
  });

  it("are widest for the first of an order", () => {
    const [first, third] = [arc([[rank, 1]]), arc([[rank, 3]])];
    const width = widthBy(rank, [first, third]);
    expect(width?.of(first)).toBeGreaterThan(width?.of(third) ?? 0);
  });

  it("offer only properties that differ, numbers first", () => {
    const main = info("main", "Boolean");
    const arcs = [arc([[main, true], [people, 1], [rank, 2]]), arc([[main, false], [people, 1], [rank, 1]])];
    expect(widthFields([main, people, rank, scope], arcs).map(({ name }) => name)).toEqual(["rank", "main"]);
  });

  it("are dashed by the words of an enum", () => {
    const arcs = [arc([[scope, "NEAR"]]), arc([[scope, "FAR"]]), arc([])];
    const dashes = dashBy([people, scope], arcs);
    expect(dashes?.values).toEqual(["FAR", "NEAR"]);
    expect(new Set(arcs.slice(0, 2).map((one) => dashes?.of(one))).size).toBe(2);
  });
});

describe("the sheet", () => {
  it("shows all places within its edges", () => {
    const places: Point[] = [[113, 23], [121, 31], [116, 40]];
    const projection = projectionFor(places, 800, 600);
    for (const place of places) {
      const [x, y] = projection(place) ?? [-1, -1];
      expect(x > 0 && x < 800 && y > 0 && y < 600).toBe(true);
    }
  });

  it("shows a single place amid its region", () => {
    const projection = projectionFor([[116.17, 23.31]], 800, 600);
    expect(projection([116.17, 23.31])?.map(Math.round)).toEqual([400, 300]);
    const [x = 0] = projection([117.17, 23.31]) ?? [];
    expect(x).toBeGreaterThan(450);
    expect(x).toBeLessThan(800);
  });

  it("names places in order, as long as names do not cross", () => {
    const at = (id: string, x: number) => ({ card: card(id, "深圳"), at: [x, 0] as Point });
    expect([...named([at("a", 0), at("b", 10), at("c", 100)], 10)]).toEqual(["a", "c"]);
    expect(named([at("a", 0), at("c", 100)], 1).size).toBe(1);
  });
});
