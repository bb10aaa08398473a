/** Does each step on the canvas do what it says, and can it be undone? */
import { describe, expect, it } from "vitest";
import { add, collapse, EMPTY, keepRelated, move, pin, remove, shownEdges, STOP_AT, toggleRelationship, toggleSelected, toggleType } from "../src/model/canvas";
import { amend, begin, redo, step, undo } from "../src/model/history";

const edge = (id: string, source: string, target: string, type = "LINK") => ({ id, source, target, type });
const EDGES = [edge("1", "A:hub", "B:leaf"), edge("2", "A:hub", "B:both"), edge("3", "B:both", "A:far"), edge("4", "A:hub", "B:both", "OTHER")];
const canvas = add(EMPTY, ["A:hub", "B:leaf", "B:both", "A:far"]);
const ids = (one: typeof canvas) => [...one.spots.keys()];

describe("canvas", () => {
  it("adds each node once, new ones near the one they came from", () => {
    const more = add(move(canvas, new Map([["A:hub", { x: 1000, y: 1000 }]])), ["B:leaf", "C:new"], "A:hub");
    expect(ids(more)).toEqual([...ids(canvas), "C:new"]);
    expect(more.spots.get("C:new")?.x).toBeGreaterThan(500);
    expect(more.spots.get("B:leaf")).toEqual(canvas.spots.get("B:leaf"));
  });

  it("stops at the most that it holds", () => {
    const full = add(EMPTY, Array.from({ length: STOP_AT + 5 }, (_, at) => `A:${at}`));
    expect(full.spots.size).toBe(STOP_AT);
  });

  it("collapses what hangs on one node alone, but not what is pinned", () => {
    expect(ids(collapse(canvas, "A:hub", EDGES))).toEqual(["A:hub", "B:both", "A:far"]);
    expect(ids(collapse(pin(canvas, "B:leaf", true), "A:hub", EDGES))).toContain("B:leaf");
  });

  it("hides what is unrelated", () => {
    expect(ids(keepRelated(canvas, ["A:far"], EDGES))).toEqual(["B:both", "A:far"]);
  });

  it("draws edges whose ends and type are switched on", () => {
    const drawn = (one: typeof canvas) => shownEdges(one, EDGES).map(({ id }) => id);
    expect(drawn(canvas)).toEqual(["1", "2", "3", "4"]);
    expect(drawn(toggleRelationship(canvas, "OTHER"))).toEqual(["1", "2", "3"]);
    expect(drawn(toggleType(canvas, "B"))).toEqual([]);
    expect(drawn(toggleType(toggleType(canvas, "B"), "B"))).toHaveLength(4);
    expect(drawn(remove(canvas, ["A:far"]))).toEqual(["1", "2", "4"]);
  });

  it("takes removed nodes out of the selection", () => {
    const chosen = toggleSelected(toggleSelected(canvas, "A:hub"), "A:far");
    expect(chosen.selected).toEqual(["A:hub", "A:far"]);
    expect(remove(chosen, ["A:hub"]).selected).toEqual(["A:far"]);
    expect(toggleSelected(chosen, "A:hub").selected).toEqual(["A:far"]);
  });
});

describe("history", () => {
  it("goes back and forth, and a new step forgets what was undone", () => {
    const two = step(step(begin(0), 1), 2);
    expect(undo(two).present).toBe(1);
    expect(redo(undo(two)).present).toBe(2);
    expect(redo(step(undo(two), 3)).present).toBe(3);
    expect(undo(begin(0)).present).toBe(0);
  });

  it("amends without a step", () => {
    expect(undo(amend(step(begin(0), 1), 5)).present).toBe(0);
  });
});
