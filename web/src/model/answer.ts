/**
 * What is in an answer whose shape nobody knows? Its lists as tables, its records as ids, errors as
 * text. Pure.
 */
import type { AnswerError } from "../net/client";
import { typeOf } from "./ontology";
import { numberCell, textCell, type Cell, type Column, type Row } from "./rows";

/** A list of objects in an answer, as a table. */
export interface AnswerTable {
  path: string;
  columns: Column[];
  rows: Row[];
}

type Tree = Record<string, unknown>;

const isTree = (value: unknown): value is Tree => value !== null && typeof value === "object" && !Array.isArray(value);
const isList = (value: unknown): value is Tree[] => Array.isArray(value) && value.length > 0 && value.every(isTree);

/** The outermost lists of an answer, each with the name of its place; the longest first. */
export function tables(data: unknown): AnswerTable[] {
  const found: [string, Tree[]][] = [];
  const walk = (value: unknown, path: string[]): void => {
    if (isList(value)) found.push([path.join("."), value]);
    else if (isTree(value)) for (const [name, below] of Object.entries(value)) walk(below, [...path, name]);
  };
  walk(data, []);
  if (found.length === 0 && isTree(data) && Object.keys(data).length) found.push(["", [data]]);
  return found.map(([path, list]) => table(path, list)).sort((a, b) => b.rows.length - a.rows.length);
}

function table(path: string, list: Tree[]): AnswerTable {
  const flat = list.map((one) => flatten(one));
  const names = [...new Set(flat.flatMap((one) => [...one.keys()]))].filter((name) => !name.split(".").includes(ID));
  const columns = names.map((name) => ({ name, label: name, number: flat.every((one) => typeof (one.get(name) ?? 0) === "number") }));
  const rows = flat.map((one, index) => ({ id: String(index), cells: names.map((name) => cell(one.get(name))) }));
  return { path, columns, rows };
}

/** The alias under which a query is given the ids that it did not ask for. */
export const ID = "guituId";

/** Values by their dotted path; what lies in a list within is joined. */
function flatten(value: unknown, path: string[] = [], into = new Map<string, unknown>()): Map<string, unknown> {
  if (Array.isArray(value)) for (const one of value) flatten(one, path, into);
  else if (isTree(value)) for (const [name, below] of Object.entries(value)) flatten(below, name === "edges" || name === "node" ? path : [...path, name], into);
  else put(into, path.join("."), value);
  return into;
}

function put(into: Map<string, unknown>, name: string, value: unknown): void {
  const before = into.get(name);
  if (before === undefined || before === null) into.set(name, value);
  else if (value !== null && value !== undefined) into.set(name, `${String(before)}, ${String(value)}`);
}

function cell(value: unknown): Cell {
  if (value === null || value === undefined) return textCell("");
  return typeof value === "number" ? numberCell(value) : textCell(String(value));
}

/** The ids of nodes in an answer, in its order, each once. */
export function nodeIds(data: unknown, isType: (name: string) => boolean): string[] {
  const ids = new Set<string>();
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(walk);
    else if (isTree(value))
      for (const [name, below] of Object.entries(value)) {
        if ((name === ID || name === "id") && typeof below === "string" && isType(typeOf(below))) ids.add(below);
        else walk(below);
      }
  };
  walk(data);
  return [...ids];
}

/** An error as a person reads it: what, where, what to do. */
export function errorText({ message, path, locations, extensions }: AnswerError): string {
  const at = locations?.[0] ? ` (${locations[0].line}:${locations[0].column})` : "";
  const where = path?.length ? `\n  at ${path.join(".")}` : "";
  const hint = extensions?.hint ? `\n  ${extensions.hint}` : "";
  return `${extensions?.code ? `${extensions.code}: ` : ""}${message}${at}${where}${hint}`;
}
