/**
 * From when to when? Dates as precise as they are known, and periods, as spans of milliseconds that
 * a timeline can draw. Pure.
 */

/** Half-open; an open end is infinite. */
export interface Span {
  from: number;
  to: number;
}

/** A date or period of a record or an edge, and the field that tells it. */
export interface Time {
  field: string;
  text: string;
  span: Span;
}

/** The value of a field as a time; none where there is no value. */
export function readTime(field: string, value: unknown): Time[] {
  const found = typeof value === "string" ? span(value) : null;
  return found ? [{ field, text: String(value), span: found }] : [];
}

/** `2016`, `2016-04`, `2016-04-08`, a moment, or an interval such as `2014-10/..`. */
export function span(text: string): Span | null {
  const [first = "", second] = text.split("/");
  if (second === undefined) return instant(first);
  const from = first === ".." ? -Infinity : instant(first)?.from;
  const to = second === ".." ? Infinity : instant(second)?.to;
  return from === undefined || to === undefined ? null : { from, to };
}

function instant(text: string): Span | null {
  const found = /^(-?\d{4})(?:-(\d\d))?(?:-(\d\d))?(T.*)?$/.exec(text);
  if (!found) return null;
  const [, year = "", month, day, time] = found;
  if (time) return moment(text);
  const from = utc(Number(year), Number(month ?? 1) - 1, Number(day ?? 1));
  if (day) return { from, to: from + 86_400_000 };
  return month ? { from, to: utc(Number(year), Number(month), 1) } : { from, to: utc(Number(year) + 1, 0, 1) };
}

function moment(text: string): Span | null {
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : { from: at, to: at };
}

/** `Date.UTC` takes years below 100 as 19xx. */
function utc(year: number, month: number, day: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month, day);
  return date.getTime();
}

/** The years that a timeline spans: open ends do not count. */
export function extent(spans: readonly Span[]): [number, number] {
  const ends = spans.flatMap(({ from, to }) => [from, to]).filter(Number.isFinite);
  if (ends.length === 0) return [utc(2000, 0, 1), utc(2001, 0, 1)];
  const years = ends.map((end) => new Date(end).getUTCFullYear());
  return [utc(Math.min(...years), 0, 1), utc(Math.max(...years) + 1, 0, 1)];
}

/** Years at which to draw lines: at most `most`, at round steps. */
export function yearTicks([from, to]: [number, number], most: number): number[] {
  const first = new Date(from).getUTCFullYear();
  const last = new Date(to).getUTCFullYear();
  const step = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].find((size) => (last - first) / size <= most) ?? 5000;
  const ticks = [];
  for (let year = Math.ceil(first / step) * step; year <= last; year += step) ticks.push(year);
  return ticks;
}

export const startOfYear = (year: number): number => utc(year, 0, 1);
