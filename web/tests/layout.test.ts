/** Do layouts put every node somewhere sensible, the same way each time? */
import { describe, expect, it } from "vitest";
import { advance, forces, placesOf } from "../src/layout/force";
import { layoutInput } from "../src/layout/input";
import { distances, still } from "../src/layout/layouts";
import { steer } from "../src/layout/steer";
import { add, EMPTY, LAYOUTS, pin, select } from "../src/model/canvas";

const IDS = ["A:1", "A:2", "B:3", "B:4", "C:5"];
const edge = (source: string, target: string) => ({ id: `${source}>${target}`, type: "R", source, target });
const EDGES = [edge("A:1", "A:2"), edge("A:2", "B:3"), edge("B:3", "B:4"), edge("A:1", "A:1")];
const input = (change = (canvas: typeof EMPTY) => canvas) => layoutInput(change(add(EMPTY, IDS)), IDS, EDGES, () => 4);

describe("layouts", () => {
  it.each(LAYOUTS.filter((name) => name !== "force"))("%s keeps nodes apart and pinned nodes where they are", (layout) => {
    const given = input((canvas) => ({ ...pin(canvas, "B:4", true), layout }));
    const places = still(given);
    const seen = new Set(IDS.map((_, at) => `${Math.round(places[at * 2] ?? NaN)} ${Math.round(places[at * 2 + 1] ?? NaN)}`));
    expect(seen.size).toBe(IDS.length);
    expect([...places.slice(6, 8)]).toEqual([...given.places.slice(6, 8)]);
  });

  it("count distances from what is selected", () => {
    expect(distances(input((canvas) => select(canvas, ["B:4"])))).toEqual([3, 2, 1, 0, Infinity]);
    expect(distances(input())).toEqual([1, 0, 1, 2, Infinity]);
  });

  it("bring joined nodes together, the same way each time", () => {
    const run = () => {
      const all = forces(input((canvas) => pin(canvas, "C:5", true)));
      advance(all, 300);
      return placesOf(all);
    };
    const places = run();
    const gap = (a: number, b: number) => Math.hypot((places[a * 2] ?? 0) - (places[b * 2] ?? 0), (places[a * 2 + 1] ?? 0) - (places[b * 2 + 1] ?? 0));
    expect(gap(0, 1)).toBeLessThan(gap(0, 3));
    expect([...run()]).toEqual([...places]);
    expect([...places.slice(8, 10)]).toEqual([...input().places.slice(8, 10)]);
  });

  it("hold five thousand nodes and ten thousand edges as plain arrays", () => {
    const ids = Array.from({ length: 5_000 }, (_, at) => `A:${at}`);
    const edges = Array.from({ length: 10_000 }, (_, at) => edge(`A:${at % 5_000}`, `A:${(at * 7919) % 5_000}`));
    const all = forces(layoutInput(add(EMPTY, ids), ids, edges, () => 1));
    advance(all, 2);
    expect(placesOf(all)).toHaveLength(10_000);
    expect(placesOf(all).every(Number.isFinite)).toBe(true);
  });
});

describe("steer", () => {
  const spots = new Map([["a", { x: 0, y: 0 }], ["right", { x: 50, y: 5 }], ["far", { x: 90, y: 0 }], ["up", { x: 0, y: 40 }]]);

  it("walks to the nearest node that way", () => {
    expect(steer(spots, "a", "ArrowRight")).toBe("right");
    expect(steer(spots, "right", "ArrowRight")).toBe("far");
    expect(steer(spots, "a", "ArrowUp")).toBe("up");
    expect(steer(spots, "a", "ArrowLeft")).toBeUndefined();
    expect(steer(spots, undefined, "ArrowUp")).toBe("a");
  });
});
