/** Does an address give back the place that it was written for? */
import { describe, expect, it } from "vitest";
import { add, EMPTY, pin, toggleType } from "../src/model/canvas";
import { graphAt, mapAt, parseLiking, parsePlace, PLAIN, printPlace, queryAt, recordAt, typeAt, type Place } from "../src/model/place";

const canvas = pin(toggleType(add(EMPTY, ["County:puning", "City:深圳", "A:b!c~d%e?f&g=h"]), "City"), "City:深圳", true);

const LOOK = { table: "County", sort: "-name", only: [["name", "a~b!c"], ["rank", ">5"]] as [string, string][], rows: 150, years: [2014, 2016] as [number, number], at: { longitude: 116.17, latitude: -23.31, zoom: 7.25 } };
const PATH = { from: "City:深圳", to: "A:b!c~d%e?f&g=h", mode: "K_SHORTEST" as const, most: 7, follow: ["PART_OF", "X"], nth: 2 };

const PLACES: Place[] = [
  { page: "home" },
  recordAt("County:puning"),
  recordAt("Product:a/b?c=d#e%21", true),
  typeAt("County", { find: "普 宁&co", look: { ...PLAIN, sort: "code" } }),
  mapAt({ layer: "RETURN_ROUTE", width: "-", open: "City:深圳", look: LOOK }),
  queryAt({ query: "{ counties { name } }\n", variables: '{"a": 1}', view: "table", open: "City:深圳", look: LOOK }),
  queryAt(),
  queryAt({ query: "" }),
  graphAt(),
  graphAt({ canvas: EMPTY }),
  graphAt({ view: "map", open: "County:puning", canvas: { ...canvas, selected: ["County:puning"], layout: "circle" }, path: PATH, look: LOOK }),
  graphAt({ path: { ...PATH, follow: [] } }),
  graphAt({ path: { ...PATH, follow: null, nth: 0 } }),
];

describe("place", () => {
  it.each(PLACES)("comes back: %j", (place) => {
    expect(parsePlace(`#${printPlace(place)}`)).toEqual(place);
    const liking = { lang: "zh", theme: "dark" } as const;
    const hash = `#${printPlace(place, liking)}`;
    expect([parsePlace(hash), parseLiking(hash)]).toEqual([place, liking]);
  });

  it("says nothing of what is usual", () => {
    expect([graphAt(), mapAt(), queryAt(), typeAt("County")].map((place) => printPlace(place))).toEqual(["/graph", "/map", "/query", "/type/County"]);
  });

  it("keeps usual ids readable", () => {
    expect(printPlace(recordAt("County:puning"))).toBe("/record/County:puning");
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
