/** What can be asked of this server? Its schema, read and built once, when a query is first written. */
import { signal } from "@preact/signals";
import { buildSchema, parse, validate, type GraphQLSchema } from "graphql";
import { schemaText } from "../net/client";

export const schema = signal<GraphQLSchema | null>(null);

let asked: Promise<GraphQLSchema | null> | null = null;

/** The schema; null where it cannot be read now. */
export function needSchema(): Promise<GraphQLSchema | null> {
  asked ??= read().catch(() => (asked = null));
  return asked;
}

async function read(): Promise<GraphQLSchema> {
  return (schema.value = buildSchema(await schemaText(), { assumeValid: true }));
}

/** An example query with its titles. */
export interface Example {
  zh: string;
  en: string;
  text: string;
}

const FILES = import.meta.glob<string>("../samples/*.graphql", { query: "?raw", import: "default", eager: true });

/** The examples, the known question first. Each begins with its titles as comments. */
export const EXAMPLES: Example[] = Object.keys(FILES)
  .sort()
  .map((path) => example(FILES[path] ?? ""));

function example(file: string): Example {
  const title = (tag: string) => new RegExp(`^# ${tag}: (.*)$`, "m").exec(file)?.[1] ?? "";
  return { zh: title("zh"), en: title("en"), text: file.replace(/^# (zh|en): .*\n/gm, "") };
}

/** The examples that this server can answer: its ontology may be another. */
export function fitting(here: GraphQLSchema): Example[] {
  return EXAMPLES.filter((example) => validate(here, parse(example.text)).length === 0);
}
