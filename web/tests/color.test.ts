/** Are colours seen on dark ground, and left alone where they are not understood? */
import { expect, it } from "vitest";
import { mix, onDark, rgb } from "../src/model/color";

it("reads both lengths of hex", () => {
  expect(rgb("#0f8")).toEqual([0, 255, 136]);
  expect(rgb("#0d9488")).toEqual([13, 148, 136]);
  expect(rgb("teal")).toBeNull();
});

it("mixes", () => {
  expect(mix("#000000", "#ffffff", 0.5)).toBe("#808080");
  expect(mix("teal", "#ffffff", 0.5)).toBe("teal");
});

it("lightens dark colours, and only them", () => {
  expect(rgb(onDark("#134e4a"))?.[1]).toBeGreaterThan(0x4e + 30);
  expect(onDark("#5eead4")).toBe("#5eead4");
  expect(onDark("rgb(0 0 0)")).toBe("rgb(0 0 0)");
});
