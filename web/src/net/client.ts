/**
 * How does the page ask the server? The only file that talks to the network: GraphQL by POST, the
 * schema's text, and the page's own files. Not for building queries (query/) or keeping answers.
 */

import type { Asked } from "../query/text";

/** One error of an answer, as GraphQL gives it. */
export interface AnswerError {
  message: string;
  path?: (string | number)[];
  locations?: { line: number; column: number }[];
  extensions?: { code?: string; hint?: string };
}

/** A whole answer with what it took. */
export interface Answer<T = unknown> {
  data: T | null;
  errors: AnswerError[];
  milliseconds: number;
  bytes: number;
}

/** A request that brought no data. */
export class AskError extends Error {
  constructor(readonly errors: AnswerError[]) {
    super(errors.map((error) => error.message).join("\n"));
    this.name = "AskError";
  }
}

let language = "zh";

/** In which language texts are asked for, from now on. */
export function speak(tag: string): void {
  language = tag;
}

/** Asks, and gives the answer whatever it says. */
export async function askWhole<T>(
  query: string,
  variables: object = {},
  signal?: AbortSignal,
): Promise<Answer<T>> {
  const started = performance.now();
  const response = await post("/graphql", { query, variables }, signal);
  const text = await response.text();
  const milliseconds = performance.now() - started;
  const body = parse<T>(text, response.status);
  return { data: body.data ?? null, errors: body.errors ?? [], milliseconds, bytes: text.length };
}

/** Asks for data; errors without any data are thrown. */
export async function ask<Data, Variables extends object>(query: Asked<Data, Variables>, variables: Variables, signal?: AbortSignal): Promise<Data> {
  const answer = await askWhole<Data>(query, variables, signal);
  if (answer.data === null) throw new AskError(answer.errors);
  return answer.data;
}

/** What a query shows, as a file for other programs: `format` and what belongs to it. */
export async function exported(query: string, variables: object, format: string): Promise<Blob> {
  const response = await post(`/export?format=${format}`, { query, variables });
  if (response.ok) return response.blob();
  throw new AskError(parse(await response.text(), response.status).errors ?? []);
}

const post = (path: string, body: object, signal?: AbortSignal): Promise<Response> =>
  fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json", "accept-language": language },
    body: JSON.stringify(body),
    signal: signal ?? null,
  });

/** The served schema as SDL. */
export function schemaText(): Promise<string> {
  return file("/schema.graphql").then((response) => response.text());
}

/** One of the page's own JSON files. */
export function ownFile<T>(url: string): Promise<T> {
  return file(url).then((response) => response.json() as Promise<T>);
}

async function file(url: string): Promise<Response> {
  const response = await fetch(url);
  if (!response.ok) throw new AskError([{ message: `${url}: ${response.status}` }]);
  return response;
}

function parse<T>(text: string, status: number): { data?: T | null; errors?: AnswerError[] } {
  try {
    return JSON.parse(text) as { data?: T; errors?: AnswerError[] };
  } catch {
    return { data: null, errors: [{ message: `the server answered ${status} without JSON` }] };
  }
}
