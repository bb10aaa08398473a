/** Which worlds are the queries tested on? The bundled graph and the film world, as the binary serves them. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { buildSchema, type GraphQLSchema } from "graphql";
import { Ontology } from "../src/model/ontology";
import ONTOLOGY from "../src/query/asked/ontology.graphql?raw";
import type { Asked } from "../src/query/text";

const REPOSITORY = resolve(import.meta.dirname, "../..");
const BINARY = resolve(REPOSITORY, process.env.GUITU ?? "target/debug/guitu");

export interface TestWorld {
  schema: GraphQLSchema;
  ontology: Ontology;
  ask: <T>(query: Asked<T>) => T;
}

/** Serves nothing: each question is one run of the binary over a folder of its own. */
export function world(ontologyFile: string, seed: string): TestWorld & { end: () => void } {
  const data = mkdtempSync(join(tmpdir(), "guitu-explorer-"));
  const shared = ["--ontology", ontologyFile];
  const run = (args: string[]) => execFileSync(BINARY, args, { cwd: REPOSITORY, maxBuffer: 64 << 20, stdio: ["ignore", "pipe", "pipe"] }).toString();
  const ask = <T>(query: Asked<T>) => (JSON.parse(run(["query", query, ...shared, "--seed", seed, "--data", join(data, "d")])) as { data: T }).data;
  const schema = buildSchema(run(["schema", ...shared]));
  const ontology = new Ontology(ask(ONTOLOGY).ontology);
  return { schema, ontology, ask, end: () => rmSync(data, { recursive: true }) };
}
