/**
 * Where is the person, as an address? The whole view as the text after `#`, and back. Pure: reading
 * what was written gives the same place; what cannot be read is the start page.
 */
import { EMPTY, LAYOUTS, type Canvas, type LayoutName, type Spot } from "./canvas";

export type GraphView = "graph" | "table" | "map" | "timeline";
export type AnswerView = "json" | "table" | "graph" | "map" | "timeline";

const GRAPH_VIEWS: GraphView[] = ["graph", "table", "map", "timeline"];
const ANSWER_VIEWS: AnswerView[] = ["json", "table", "graph", "map", "timeline"];

export type Place =
  | { page: "home" }
  | { page: "type"; type: string; find: string }
  | { page: "record"; id: string }
  | { page: "graph"; view: GraphView; open: string | null; canvas: Canvas | null }
  | { page: "map"; layer: string | null; open: string | null }
  | { page: "query"; query: string | null; variables: string; view: AnswerView };

export const HOME: Place = { page: "home" };

/** The text after `#`. */
export function printPlace(place: Place): string {
  switch (place.page) {
    case "home":
      return "/";
    case "type":
      return `/type/${enc(place.type)}${tail({ find: place.find || null })}`;
    case "record":
      return `/record/${enc(place.id)}`;
    case "map":
      return `/map${tail({ layer: place.layer, open: place.open })}`;
    case "query":
      return `/query${tail({ view: place.view === "json" ? null : place.view, query: place.query, variables: place.variables || null })}`;
    case "graph":
      return `/graph${tail({ view: place.view === "graph" ? null : place.view, open: place.open, ...canvasParts(place.canvas) })}`;
  }
}

/** The place that an address names. */
export function parsePlace(hash: string): Place {
  const [path = "", search = ""] = cut(hash.replace(/^#/, ""), "?");
  const [, page = "", name = ""] = path.split("/");
  const parts = pairs(search);
  const at = (key: string): string | null => parts.get(key) ?? null;
  switch (page) {
    case "type":
      return { page, type: dec(name), find: at("find") ?? "" };
    case "record":
      return { page, id: dec(path.slice("/record/".length)) };
    case "map":
      return { page, layer: at("layer"), open: at("open") };
    case "query":
      return { page, query: at("query"), variables: at("variables") ?? "", view: among(ANSWER_VIEWS, at("view")) };
    case "graph":
      return { page, view: among(GRAPH_VIEWS, at("view")), open: at("open"), canvas: parseCanvas(parts) };
    default:
      return HOME;
  }
}

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
