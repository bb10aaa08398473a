/** Are dates as precise as they say? */
import { describe, expect, it } from "vitest";
import { extent, span, yearTicks } from "../src/model/time";

const day = (text: string) => Date.parse(`${text}T00:00:00Z`);

describe("span", () => {
  it.each([
    ["2016", "2016-01-01", "2017-01-01"],
    ["2016-12", "2016-12-01", "2017-01-01"],
    ["2016-02-29", "2016-02-29", "2016-03-01"],
    ["2014-10/2015", "2014-10-01", "2016-01-01"],
  ])("of %s", (text, from, to) => expect(span(text)).toEqual({ from: day(from), to: day(to) }));

  it("may be open", () => {
    expect(span("2014/..")).toEqual({ from: day("2014-01-01"), to: Infinity });
    expect(span("../2014")).toEqual({ from: -Infinity, to: day("2015-01-01") });
    expect(span("soon")).toBeNull();
  });
});

it("the axis has round years, and leaves out open ends", () => {
  const range = extent([span("1998-05"), span("2016/..")].filter((one) => one !== null));
  expect(range).toEqual([day("1998-01-01"), day("2017-01-01")]);
  expect(yearTicks(range, 5)).toEqual([2000, 2005, 2010, 2015]);
});
