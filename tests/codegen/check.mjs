// Does the served schema give a typed client that compiles, and does introspection say the same as
// the SDL?
//
//   node check.mjs SDL-FILE [URL-OF-A-SERVER | FILE-WITH-AN-INTROSPECTION-RESPONSE]
//
// First `npm ci` here. Everything that is generated goes to gen/.

import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { codegen } from "@graphql-codegen/core";
import * as documentNode from "@graphql-codegen/typed-document-node";
import * as typescript from "@graphql-codegen/typescript";
import * as operations from "@graphql-codegen/typescript-operations";
import {
  buildClientSchema,
  buildSchema,
  getIntrospectionQuery,
  lexicographicSortSchema,
  parse,
  printSchema,
  validate,
} from "graphql";
import ts from "typescript";

const here = dirname(fileURLToPath(import.meta.url));
const introspection = getIntrospectionQuery({
  descriptions: true,
  specifiedByUrl: true,
  directiveIsRepeatable: true,
  schemaDescription: true,
  inputValueDeprecation: true,
  oneOf: true,
});

const [sdlFile, served] = process.argv.slice(2);
if (sdlFile === "--query") {
  console.log(introspection);
  process.exit(0);
}
if (!sdlFile) fail("usage: node check.mjs SDL-FILE [URL | RESPONSE-FILE]");
const sdl = readFileSync(sdlFile, "utf8");
const schema = buildSchema(sdl);

if (served) compare(await response(served));
const documents = readOperations();
await generate(documents);
compile();
console.log(`${Object.keys(schema.getTypeMap()).length} types, ${documents.length} documents: typed client compiles`);

async function response(of) {
  if (!/^https?:/.test(of)) return JSON.parse(readFileSync(of, "utf8"));
  const headers = { "content-type": "application/json", accept: "application/graphql-response+json" };
  const answer = await fetch(of, { method: "POST", headers, body: JSON.stringify({ query: introspection }) });
  return answer.json();
}

function compare({ data, errors }) {
  if (errors) fail(JSON.stringify(errors, null, 2));
  const client = printSchema(lexicographicSortSchema(buildClientSchema(data)));
  const expected = printSchema(lexicographicSortSchema(schema));
  if (client === expected) return;
  const lines = expected.split("\n");
  const at = client.split("\n").findIndex((line, i) => line !== lines[i]);
  fail(`introspection differs from the SDL, sorted, at line ${at + 1}:\n${lines[at]}\n${client.split("\n")[at]}`);
}

function readOperations() {
  const folder = join(here, "operations");
  return readdirSync(folder).sort().map((name) => {
    const document = parse(readFileSync(join(folder, name), "utf8"));
    const errors = validate(schema, document);
    if (errors.length) fail(errors.map((error) => `${name}: ${error}`).join("\n"));
    return { location: name, document };
  });
}

async function generate(documents) {
  const config = {
    strictScalars: true,
    scalars: { BigInt: "string", Date: "string", DateTime: "string", Period: "string", Point: "{ latitude: number; longitude: number }", JSON: "unknown", Revision: "string" },
  };
  const code = await codegen({
    filename: "client.ts",
    schema: parse(sdl),
    schemaAst: schema,
    documents,
    config,
    plugins: [{ typescript: {} }, { operations: {} }, { documentNode: {} }],
    pluginMap: { typescript, operations, documentNode },
  });
  mkdirSync(join(here, "gen"), { recursive: true });
  writeFileSync(join(here, "gen", "client.ts"), code);
}

function compile() {
  const options = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ES2022,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    types: [],
  };
  const program = ts.createProgram([join(here, "use.ts")], options);
  const wrong = ts.getPreEmitDiagnostics(program);
  const host = { getCanonicalFileName: (f) => f, getCurrentDirectory: () => here, getNewLine: () => "\n" };
  if (wrong.length) fail(ts.formatDiagnostics(wrong, host));
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
