/** Does an address give back the place that it was written for? */
import { describe, expect, it } from "vitest";
import { add, EMPTY, pin, toggleType } from "../src/model/canvas";
import { parsePlace, printPlace, type Place } from "../src/model/place";

const canvas = pin(toggleType(add(EMPTY, ["County:puning", "City:深圳", "A:b!c~d%e?f&g=h"]), "City"), "City:深圳", true);

const PLACES: Place[] = [
  { page: "home" },
  { page: "record", id: "County:puning" },
  { page: "record", id: "Product:a/b?c=d#e%21" },
  { page: "type", type: "County", find: "普 宁&co" },
  { page: "map", layer: "RETURN_ROUTE", open: "City:深圳" },
  { page: "query", query: "{ counties { name } }\n", variables: '{"a": 1}', view: "table" },
  { page: "query", query: null, variables: "", view: "json" },
  { page: "query", query: "", variables: "", view: "json" },
  { page: "graph", view: "graph", open: null, canvas: null },
  { page: "graph", view: "graph", open: null, canvas: EMPTY },
  { page: "graph", view: "map", open: "County:puning", canvas: { ...canvas, selected: ["County:puning"], layout: "circle" } },
];

describe("place", () => {
  it.each(PLACES)("comes back: %j", (place) => {
    expect(parsePlace(`#${printPlace(place)}`)).toEqual(place);
  });

  it("keeps usual ids readable", () => {
    expect(printPlace({ page: "record", id: "County:puning" })).toBe("/record/County:puning");
  });

  it("is the start page when nothing can be read", () => {
    expect(parsePlace("#/nowhere/%E0%A4%A")).toEqual({ page: "home" });
    expect(parsePlace("")).toEqual({ page: "home" });
  });

  it("forgets a selection of nodes that are not there", () => {
    const place = parsePlace("#/graph?nodes=A:b~1~2&selected=A:b!A:c");
    expect(place.page === "graph" && place.canvas?.selected).toEqual(["A:b"]);
  });
});
