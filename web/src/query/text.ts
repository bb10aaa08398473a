/**
 * How does a selection become GraphQL text that a person likes to read? Builders say what they want
 * as trees of fields; this prints them. Not for sending (net/) or for what to ask (the others here).
 */

/**
 * A question with the types of its answer and its variables. Those in `asked/` get them from the served
 * schema (`types.mjs`). What is built from the ontology at run time has an answer that no compiler can
 * know: its builder, in this folder, says by hand what it will be, and `tests/queries.test.ts` asks it.
 */
export type Asked<Data, Variables = Record<never, never>> = string & { readonly answers?: (variables: Variables) => Data };

/** A value written into the text; enums and input objects included. */
export type Value = string | number | boolean | null | Enum | Value[] | { [name: string]: Value | undefined };

/** A field, or a fragment on a type where `on` is given. */
export interface Field {
  name: string;
  alias?: string;
  args?: Record<string, Value | undefined>;
  on?: string;
  select?: Field[];
}

/** A name that is written without quotes. */
export class Enum {
  constructor(readonly name: string) {}
}

export const name = (text: string): Enum => new Enum(text);

/** A field with what is selected below it. */
export function field(name: string, select?: Field[], args?: Field["args"], alias?: string): Field {
  return {
    name,
    ...(select && { select }),
    ...(args && { args }),
    ...(alias && { alias }),
  };
}

/** What is selected only of nodes of a type. */
export const on = (type: string, select: Field[]): Field => ({ name: type, on: type, select });

/** The plain fields of these names. */
export const fields = (...names: string[]): Field[] => names.map((name) => ({ name }));

/** A whole query; what it answers is told by who builds it. */
export function query<Data>(title: string, select: Field[]): Asked<Data> {
  return `query ${title} ${block(select, 0)}\n` as Asked<Data>;
}

const WIDTH = 88;

function block(select: Field[], depth: number): string {
  const simple = select.every((one) => !one.select);
  const oneLine = `{ ${select.map((one) => line(one, depth)).join(" ")} }`;
  if (depth > 0 && simple && oneLine.length + depth * 2 < WIDTH) return oneLine;
  const inner = "  ".repeat(depth + 1);
  return `{\n${select.map((one) => inner + line(one, depth + 1)).join("\n")}\n${"  ".repeat(depth)}}`;
}

function line(one: Field, depth: number): string {
  const head = one.on ? `... on ${one.on}` : (one.alias ? `${one.alias}: ` : "") + one.name;
  const below = one.select?.length ? ` ${block(one.select, depth)}` : "";
  return head + inBrackets(one.args) + below;
}

function inBrackets(args: Field["args"]): string {
  const given = Object.entries(args ?? {}).filter(([, value]) => value !== undefined);
  if (given.length === 0) return "";
  return `(${given.map(([key, value]) => `${key}: ${literal(value as Value)}`).join(", ")})`;
}

/** A value as GraphQL writes it. */
export function literal(value: Value): string {
  if (value instanceof Enum) return value.name;
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (value !== null && typeof value === "object") {
    const given = Object.entries(value).filter(([, one]) => one !== undefined);
    return `{ ${given.map(([key, one]) => `${key}: ${literal(one as Value)}`).join(", ")} }`;
  }
  return JSON.stringify(value);
}
