/**
 * Where is the person, as an address? The whole view as the text after `#`, and back. Pure: reading
 * what was written gives the same place; what cannot be read is the start page.
 */
import type { Language } from "./ontology";
import { EMPTY, LAYOUTS, type Canvas, type LayoutName, type Spot } from "./canvas";

export type GraphView = "graph" | "table" | "map" | "timeline";
export type AnswerView = "json" | "table" | "graph" | "map" | "timeline";

const GRAPH_VIEWS: GraphView[] = ["graph", "table", "map", "timeline"];
const ANSWER_VIEWS: AnswerView[] = ["json", "table", "graph", "map", "timeline"];

/** How a person looks at what is there. */
export interface Look {
  /** Which of several tables; null: the first. */
  table: string | null;
  /** A column, with `-` before it from the end. */
  sort: string | null;
  /** What rows must have in a column. */
  only: readonly (readonly [column: string, text: string])[];
  /** How many rows, where not all at once. */
  rows: number | null;
  /** The years that a timeline shows, the last one included. */
  years: readonly [number, number] | null;
  at: MapAt | null;
}

/** The middle of a map in degrees; each step of the zoom doubles it, at 0 the earth is 256 pixels wide. */
export interface MapAt {
  longitude: number;
  latitude: number;
  zoom: number;
}

export const PATH_MODES = ["ALL_SHORTEST", "SHORTEST", "K_SHORTEST", "ALL_SIMPLE"] as const;
export type PathMode = (typeof PATH_MODES)[number];

/** Which ways from one record to another are sought. */
export interface Path {
  from: string;
  to: string;
  mode: PathMode;
  /** Of the k shortest how many, of all paths how long. */
  most: number;
  /** Relationship types; null: all. */
  follow: readonly string[] | null;
  /** Which of those found is shown. */
  nth: number;
}

export type Place =
  | { page: "home" }
  | { page: "type"; type: string; find: string; look: Look }
  | { page: "record"; id: string; history: boolean }
  | { page: "graph"; view: GraphView; open: string | null; canvas: Canvas | null; path: Path | null; look: Look }
  | { page: "map"; layer: string | null; width: string | null; open: string | null; look: Look }
  | { page: "query"; query: string | null; variables: string; view: AnswerView; open: string | null; look: Look };

export type At<P extends Place["page"]> = Extract<Place, { page: P }>;

export const HOME: Place = { page: "home" };
export const PLAIN: Look = { table: null, sort: null, only: [], rows: null, years: null, at: null };

/** Places, with what is usual where nothing is said. */
export const typeAt = (type: string, more: Partial<At<"type">> = {}): At<"type"> => ({ page: "type", type, find: "", look: PLAIN, ...more });
export const recordAt = (id: string, history = false): At<"record"> => ({ page: "record", id, history });
export const graphAt = (more: Partial<At<"graph">> = {}): At<"graph"> => ({ page: "graph", view: "graph", open: null, canvas: null, path: null, look: PLAIN, ...more });
export const mapAt = (more: Partial<At<"map">> = {}): At<"map"> => ({ page: "map", layer: null, width: null, open: null, look: PLAIN, ...more });
export const queryAt = (more: Partial<At<"query">> = {}): At<"query"> => ({ page: "query", query: null, variables: "", view: "json", open: null, look: PLAIN, ...more });

/** How a person likes to read, where they have chosen it. */
export interface Liking {
  lang: Language | null;
  theme: Theme | null;
}

export type Theme = "auto" | "light" | "dark";
const LANGUAGES: Language[] = ["zh", "en"];
const THEMES: Theme[] = ["auto", "light", "dark"];

/** The text after `#`. */
export function printPlace(place: Place, liking?: Liking): string {
  return path(place) + tail({ ...parts(place), ...("look" in place && lookParts(place.look)), ...liking });
}

function path(place: Place): string {
  if (place.page === "home") return "/";
  const name = place.page === "type" ? place.type : place.page === "record" ? place.id : null;
  return `/${place.page}${name === null ? "" : `/${enc(name)}`}`;
}

function parts(place: Place): Parts {
  switch (place.page) {
    case "home":
      return {};
    case "type":
      return { find: place.find || null };
    case "record":
      return { history: place.history ? "1" : null };
    case "map":
      return { layer: place.layer, width: place.width, open: place.open };
    case "query":
      return { view: place.view === "json" ? null : place.view, open: place.open, query: place.query, variables: place.variables || null };
    case "graph":
      return { view: place.view === "graph" ? null : place.view, open: place.open, ...(place.path && pathParts(place.path)), ...canvasParts(place.canvas) };
  }
}

function lookParts({ table, sort, only, rows, years, at }: Look): Parts {
  return {
    table,
    sort,
    only: join(only.map((one) => one.join("~"))) || null,
    rows: rows ? String(rows) : null,
    years: years?.join("~") ?? null,
    at: at && `${at.longitude.toFixed(3)}~${at.latitude.toFixed(3)}~${at.zoom.toFixed(2)}`,
  };
}

function pathParts({ from, to, mode, most, follow, nth }: Path): Parts {
  return { from, to, mode, most: String(most), follow: follow && join(follow), nth: nth ? String(nth) : null };
}

/** The place that an address names. */
export function parsePlace(hash: string): Place {
  const [path = "", search = ""] = cut(hash.replace(/^#/, ""), "?");
  const [, page = "", name = ""] = path.split("/");
  const given = pairs(search);
  const of = (key: string): string | null => given.get(key) ?? null;
  const look = parseLook(given);
  const open = of("open");
  switch (page) {
    case "type":
      return typeAt(dec(name), { find: of("find") ?? "", look });
    case "record":
      return recordAt(dec(path.slice("/record/".length)), of("history") !== null);
    case "map":
      return mapAt({ layer: of("layer"), width: of("width"), open, look });
    case "query":
      return queryAt({ query: of("query"), variables: of("variables") ?? "", view: among(ANSWER_VIEWS, of("view")), open, look });
    case "graph":
      return graphAt({ view: among(GRAPH_VIEWS, of("view")), open, canvas: parseCanvas(given), path: parsePath(given), look });
    default:
      return HOME;
  }
}

/** The language and theme that an address asks for. */
export function parseLiking(hash: string): Liking {
  const given = pairs(cut(hash, "?")[1] ?? "");
  const known = <T extends string>(all: T[], key: string) => all.find((one) => one === given.get(key)) ?? null;
  return { lang: known(LANGUAGES, "lang"), theme: known(THEMES, "theme") };
}

function parseLook(given: Map<string, string>): Look {
  const numbers = (key: string, count: number) => {
    const all = given.get(key)?.split("~").map(Number) ?? [];
    return all.length === count && all.every(Number.isFinite) ? all : null;
  };
  const [longitude = 0, latitude = 0, zoom = 0] = numbers("at", 3) ?? [];
  const [from = 0, to = 0] = numbers("years", 2) ?? [];
  return {
    table: given.get("table") ?? null,
    sort: given.get("sort") ?? null,
    only: list(given.get("only")).map((one) => [cut(one, "~")[0] ?? "", cut(one, "~")[1] ?? ""]),
    rows: whole(given.get("rows") ?? null),
    years: numbers("years", 2) && [from, to],
    at: numbers("at", 3) && { longitude, latitude, zoom },
  };
}

function parsePath(given: Map<string, string>): Path | null {
  const [from, to] = [given.get("from"), given.get("to")];
  if (!from || !to) return null;
  const follow = given.get("follow");
  const number = (key: string) => whole(given.get(key) ?? null);
  return { from, to, mode: among([...PATH_MODES], given.get("mode") ?? null), most: number("most") ?? 5, follow: follow === undefined ? null : list(follow), nth: number("nth") ?? 0 };
}

const whole = (text: string | null): number | null => (text && /^\d{1,6}$/.test(text) ? Number(text) : null);

type Parts = Record<string, string | null>;

function canvasParts(canvas: Canvas | null): Parts {
  if (!canvas) return {};
  return {
    layout: canvas.layout === "force" ? null : canvas.layout,
    selected: join(canvas.selected) || null,
    without: join([...canvas.offTypes]) || null,
    unlinked: join([...canvas.offRelationships]) || null,
    nodes: join([...canvas.spots].map(([id, spot]) => printSpot(id, spot))),
  };
}

function parseCanvas(parts: Map<string, string>): Canvas | null {
  const nodes = parts.get("nodes");
  if (nodes === undefined) return null;
  const spots = new Map(list(nodes).map(parseSpot));
  const layout = parts.get("layout") as LayoutName;
  return {
    ...EMPTY,
    spots,
    selected: list(parts.get("selected")).filter((id) => spots.has(id)),
    offTypes: new Set(list(parts.get("without"))),
    offRelationships: new Set(list(parts.get("unlinked"))),
    layout: LAYOUTS.includes(layout) ? layout : EMPTY.layout,
  };
}

function printSpot(id: string, { x, y, pinned }: Spot): string {
  return `${id}~${x}~${y}${pinned ? "~p" : ""}`;
}

/** From the end, since an id may contain anything but a control character. */
function parseSpot(text: string): [string, Spot] {
  const found = /^(.*)~(-?\d+)~(-?\d+)(~p)?$/s.exec(text);
  if (!found) return [text, { x: 0, y: 0, pinned: false }];
  const [, id = "", x, y, pinned] = found;
  return [id, { x: Number(x), y: Number(y), pinned: pinned !== undefined }];
}

/** Lists are divided by `!`; one within a name is written as `%21`, and so percent signs as `%25`. */
const join = (names: readonly string[]): string => names.map((one) => one.replace(/[%!]/g, encodeMark)).join("!");

const encodeMark = (mark: string): string => (mark === "!" ? "%21" : "%25");

function list(text: string | undefined): string[] {
  return text ? text.split("!").map((one) => one.replaceAll("%21", "!").replaceAll("%25", "%")) : [];
}

function tail(parts: Parts): string {
  const given = Object.entries(parts).filter(([, value]) => value !== null);
  return given.length ? `?${given.map(([key, value]) => `${key}=${enc(value ?? "")}`).join("&")}` : "";
}

function pairs(search: string): Map<string, string> {
  const all = search.split("&").filter(Boolean).map((pair) => cut(pair, "="));
  return new Map(all.map(([key = "", value = ""]) => [key, dec(value)]));
}

function cut(text: string, at: string): string[] {
  const index = text.indexOf(at);
  return index < 0 ? [text] : [text.slice(0, index), text.slice(index + 1)];
}

/** Percent-encoding that leaves what an address may hold readable. */
function enc(text: string): string {
  return encodeURIComponent(text).replace(/%3A/g, ":").replace(/%2F/g, "/");
}

function dec(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function among<T extends string>(known: T[], text: string | null): T {
  return known.find((one) => one === text) ?? (known[0] as T);
}
