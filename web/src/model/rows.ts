/** How do rows stand in a table? Columns, cells and their order. Pure. */
import type { FieldInfo, Language, Ontology } from "./ontology";
import { fieldLabel } from "./ontology";
import type { Card } from "./card";
import { valueText } from "../text/values";

export interface Column {
  name: string;
  label: string;
  number: boolean;
}

/** A cell has the text that is shown and what it is sorted by. */
export interface Cell {
  text: string;
  by: string | number | null;
}

export interface Row {
  id: string;
  cells: Cell[];
}

export interface Order {
  column: number;
  down: boolean;
}

/** The order that a text names, `-` before a column's name for the reverse. */
export function orderOf(columns: readonly Column[], sort: string | null): Order | null {
  const column = columns.findIndex(({ name }) => name === sort?.replace(/^-/, ""));
  return sort === null || column < 0 ? null : { column, down: sort.startsWith("-") };
}

/** The rows that have this in these columns: a part of the text, or `>5`, `<=5`, `=5`. */
export function filterRows(rows: readonly Row[], columns: readonly Column[], only: readonly (readonly [string, string])[]): readonly Row[] {
  const tests = only.map(([name, text]) => [columns.findIndex((one) => one.name === name), fitting(text)] as const).filter(([at]) => at >= 0);
  return tests.length ? rows.filter((row) => tests.every(([at, fits]) => fits(row.cells[at] ?? textCell("")))) : rows;
}

function fitting(text: string): (cell: Cell) => boolean {
  const [, sign, digits] = /^\s*([<>]=?|=)\s*(-?[\d.]+)\s*$/.exec(text) ?? [];
  const sought = text.toLowerCase();
  if (!sign) return (cell) => cell.text.toLowerCase().includes(sought);
  const number = Number(digits);
  return ({ by }) => typeof by === "number" && ((by === number && sign.endsWith("=")) || (by < number && sign[0] === "<") || (by > number && sign[0] === ">"));
}

/** Rows in the order of a column; empty cells come last in either direction; equal ones stay. */
export function sortRows(rows: readonly Row[], { column, down }: Order, language: Language): Row[] {
  const collator = new Intl.Collator(language === "zh" ? "zh-u-co-pinyin" : "en", { numeric: true });
  const compare = (a: Cell["by"], b: Cell["by"]): number => {
    if (typeof a === "number" && typeof b === "number") return a - b;
    return collator.compare(String(a), String(b));
  };
  return rows.toSorted((one, other) => {
    const [a, b] = [one.cells[column]?.by ?? null, other.cells[column]?.by ?? null];
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    return down ? compare(b, a) : compare(a, b);
  });
}

export const textCell = (text: string): Cell => ({ text, by: text === "" ? null : text });
export const numberCell = (number: number | null): Cell => ({ text: number === null ? "" : String(number), by: number });

/** The value of a field as a cell. */
export function valueCell(info: FieldInfo, value: unknown, language: Language): Cell {
  const text = valueText(info, value, language);
  if (typeof value === "number") return { text, by: value };
  return textCell(text);
}

/** What every record has: name, type, edges here and in all, time and place if there are any. */
export function cardRows(cards: readonly Card[], here: ReadonlyMap<string, number>, ontology: Ontology, language: Language): Row[] {
  return cards.map((card) => ({
    id: card.id,
    cells: [
      textCell(card.label),
      textCell(ontology.typeLabel(card.type, language)),
      numberCell(here.get(card.id) ?? 0),
      numberCell(card.degree),
      textCell(card.times.map((time) => time.text).join(", ")),
      textCell(card.point ? `${card.point[1].toFixed(2)}, ${card.point[0].toFixed(2)}` : ""),
      textCell(card.id),
    ],
  }));
}

/** The columns of one type that have a value in some row. */
export function filledColumns(infos: readonly FieldInfo[], raw: readonly Record<string, unknown>[]): FieldInfo[] {
  const empty = (value: unknown) => value === null || value === undefined || (Array.isArray(value) && value.length === 0);
  return infos.filter((info) => raw.some((row) => !empty(row[info.name])));
}

export const columnOf = (info: FieldInfo, language: Language): Column => ({
  name: info.name,
  label: fieldLabel(info, language),
  number: ["Int", "Float", "BigInt"].includes(info.type),
});

