/**
 * Where on the sheet does a place lie, and how is an arc bent? Projection, arcs, widths and labels of
 * the map. Pure.
 */
import { geoAzimuthalEqualArea, geoCentroid, geoNaturalEarth1, type GeoProjection } from "d3-geo";
import type { Arc, Card } from "../model/card";
import { fieldLabel, type FieldInfo, type Language } from "../model/ontology";
import type { MapAt } from "../model/place";
import { valueText } from "../text/values";

export type Point = [number, number];

/** A projection that shows these places in a sheet of this size. */
export function projectionFor(places: readonly Point[], width: number, height: number): GeoProjection {
  const all = { type: "MultiPoint" as const, coordinates: places.length ? [...places] : [[-170, -55], [170, 75]] };
  const margin = Math.min(90, width / 7, height / 7);
  const box: [Point, Point] = [[margin, margin], [width - margin, height - margin]];
  const wide = spread(places) > 80;
  const [longitude, latitude] = geoCentroid(all as never);
  const made = wide ? geoNaturalEarth1().rotate([-longitude, 0]) : geoAzimuthalEqualArea().rotate([-longitude, -latitude]).clipAngle(70);
  const fitted = made.fitExtent(box, all as never);
  const scale = fitted.scale();
  if (scale < NEAREST) return fitted;
  const point = fitted.scale(NEAREST).center([0, 0]).translate([width / 2, height / 2]);
  return wide ? point : point.rotate([-longitude, -latitude]);
}

/** One place, or some very near each other, are not shown as larger than a region. */
const NEAREST = 9_000;

function spread(places: readonly Point[]): number {
  const across = places.map(([longitude]) => longitude);
  return places.length ? Math.max(...across) - Math.min(...across) : 360;
}

/** How a sheet is moved and scaled after the projection. */
export interface Shift {
  k: number;
  x: number;
  y: number;
}

const EARTH = 256 / (2 * Math.PI);

/** What lies in the middle of the sheet, and how large. */
export function middleOf(projection: GeoProjection, { k, x, y }: Shift, width: number, height: number): MapAt | null {
  const [longitude, latitude] = projection.invert?.([(width / 2 - x) / k, (height / 2 - y) / k]) ?? [];
  if (longitude === undefined || latitude === undefined || Number.isNaN(longitude + latitude)) return null;
  return { longitude, latitude, zoom: Math.log2((projection.scale() * k) / EARTH) };
}

/** The shift that brings a place into the middle at a zoom. */
export function shiftTo(projection: GeoProjection, { longitude, latitude, zoom }: MapAt, width: number, height: number): Shift {
  const k = (EARTH * 2 ** zoom) / projection.scale();
  const [x, y] = projection([longitude, latitude]) ?? [width / 2, height / 2];
  return { k, x: width / 2 - k * x, y: height / 2 - k * y };
}

/** A bent line from one point of the sheet to another; parallel ones bend more. */
export function bentLine([x1, y1]: Point, [x2, y2]: Point, nth: number): string {
  const bend = 0.18 + 0.1 * nth;
  const [mx, my] = [(x1 + x2) / 2 + (y1 - y2) * bend, (y1 + y2) / 2 + (x2 - x1) * bend];
  return `M${r(x1)} ${r(y1)}Q${r(mx)} ${r(my)} ${r(x2)} ${r(y2)}`;
}

const r = (value: number): number => Math.round(value * 10) / 10;

/** How a property of edges is drawn: as width or as dashes. */
export interface Scale {
  info: FieldInfo;
  of: (arc: Arc) => number;
  legend: (language: Language) => string;
}

const THIN = 1.4;
const WIDE = 5;

/** Width by a number or yes-no of the edge; null where nothing differs. */
export function widthBy(info: FieldInfo, arcs: readonly Arc[]): Scale | null {
  const values = arcs.map((arc) => numberOf(arc, info)).filter((value) => value !== null);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (values.length === 0 || low === high) return null;
  const isOrder = ordersFromOne(info);
  const of = (arc: Arc) => {
    const value = numberOf(arc, info);
    if (value === null) return THIN;
    const share = (value - low) / (high - low);
    return THIN + (WIDE - THIN) * (isOrder ? 1 - share : share);
  };
  const legend = (language: Language) => `${fieldLabel(info, language)}: ${valueText(info, widest(info, isOrder ? low : high), language)}`;
  return { info, of, legend };
}

const widest = (info: FieldInfo, value: number): unknown => (info.type === "Boolean" ? value === 1 : value);

/** A whole number from 1 up without a unit is a place in an order: the first is the most. */
const ordersFromOne = (info: FieldInfo): boolean => info.type === "Int" && info.min === 1 && !info.unit;

function numberOf(arc: Arc, info: FieldInfo): number | null {
  const value = arc.facts.find((fact) => fact.field.name === info.name)?.value;
  if (typeof value === "boolean") return value ? 1 : 0;
  const number = typeof value === "string" && info.type === "BigInt" ? Number(value) : value;
  return typeof number === "number" ? number : null;
}

/** Properties that can be a width: numbers first, then yes-no. */
export function widthFields(infos: readonly FieldInfo[], arcs: readonly Arc[]): FieldInfo[] {
  const kinds = ["Int", "Float", "BigInt", "Boolean"];
  return infos
    .filter((info) => kinds.includes(info.type) && !info.list && widthBy(info, arcs))
    .sort((a, b) => Number(a.type === "Boolean") - Number(b.type === "Boolean"));
}

const DASHES = ["", "7 5", "2 4", "12 4 2 4"];

/** Dashes by the first property with two to four different words. */
export function dashBy(infos: readonly FieldInfo[], arcs: readonly Arc[]): { info: FieldInfo; values: unknown[]; of: (arc: Arc) => string } | null {
  const plain = ["ID", "String", "Date", "DateTime", "Period", "Int", "Float", "BigInt", "Boolean", "Point", "JSON"];
  const valueOf = (arc: Arc, info: FieldInfo) => arc.facts.find((fact) => fact.field.name === info.name)?.value;
  for (const info of infos.filter((one) => !plain.includes(one.type) && !one.list)) {
    const values: unknown[] = [...new Set(arcs.map((arc) => valueOf(arc, info) ?? null))].filter((value) => value !== null).sort();
    if (values.length < 2 || values.length > DASHES.length) continue;
    return { info, values, of: (arc) => dash(values.indexOf(valueOf(arc, info) ?? null)) };
  }
  return null;
}

export const dash = (nth: number): string => DASHES[Math.max(0, nth)] ?? "";

export interface Placed {
  card: Card;
  at: Point;
}

/** Which places get their name written: in the given order, as long as names do not cross. */
export function named(places: readonly Placed[], most: number): Set<string> {
  const taken: [number, number, number, number][] = [];
  const chosen = new Set<string>();
  for (const { card, at } of places) {
    if (chosen.size >= most) break;
    const half = textWidth(card.label) / 2;
    const box: [number, number, number, number] = [at[0] - half, at[1] + 4, at[0] + half, at[1] + 20];
    if (taken.some((other) => crosses(box, other))) continue;
    taken.push(box);
    chosen.add(card.id);
  }
  return chosen;
}

const crosses = (a: number[], b: number[]): boolean =>
  (a[0] ?? 0) < (b[2] ?? 0) && (b[0] ?? 0) < (a[2] ?? 0) && (a[1] ?? 0) < (b[3] ?? 0) && (b[1] ?? 0) < (a[3] ?? 0);

/** About as wide as the text is drawn: Chinese characters are twice as wide as others. */
function textWidth(text: string): number {
  let width = 6;
  for (const char of text) width += char.charCodeAt(0) > 0x2e80 ? 12.5 : 6.8;
  return width;
}
