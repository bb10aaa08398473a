/**
 * Of what type is the answer to each of the page's own questions? Reads `src/query/asked/` and the schema
 * that the binary serves (`guitu schema`), and declares each file as a module, in `generated/`.
 * A question that the schema refuses ends it. Not for questions that are built from an ontology.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { buildSchema, getNamedType, isEnumType, isListType, isNonNullType, isScalarType, parse, typeFromAST, validate } from "graphql";

const FOLDER = new URL("./src/query/asked/", import.meta.url);
const TEXTS = ["ID", "String", "BigInt", "Date", "DateTime", "Period", "Revision"];
const SCALARS = { Int: "number", Float: "number", Boolean: "boolean", JSON: "unknown", ...Object.fromEntries(TEXTS.map((name) => [name, "string"])) };
/** Enums whose values are the ontology's: no page may know them. */
const NAMED = ["NodeType", "RelationshipType"];

const schema = buildSchema(execFileSync(process.env.GUITU ?? "target/debug/guitu", ["schema"], { cwd: new URL("..", import.meta.url), encoding: "utf8", maxBuffer: 64 << 20 }));

function written(type, below) {
  if (!isNonNullType(type)) return `${plain(type, below)} | null`;
  return plain(type.ofType, below);
}

function plain(type, below) {
  if (isListType(type)) return `readonly (${written(type.ofType, below)})[]`;
  if (isScalarType(type)) return SCALARS[type.name] ?? stop(`the scalar ${type.name}`);
  if (isEnumType(type)) return NAMED.includes(type.name) ? "string" : type.getValues().map(({ name }) => JSON.stringify(name)).join(" | ");
  return below ?? stop(`the input ${type.name}`);
}

/** What is selected of a type, as a type. */
const selected = (type, set, fragments) => `{ ${members(type, set, fragments).join("; ")} }`;

function members(type, { selections }, fragments) {
  return selections.flatMap((one) => {
    if (one.directives?.length) stop("directives");
    if (one.kind === "Field") return field(type, one, fragments);
    const fragment = one.kind === "FragmentSpread" ? fragments.get(one.name.value) : one;
    if (fragment.typeCondition && fragment.typeCondition.name.value !== type.name) stop("fragments on other types");
    return members(type, fragment.selectionSet, fragments);
  });
}

function field(parent, one, fragments) {
  const name = one.name.value;
  const type = name === "__schema" ? schema.getType("__Schema") : parent.getFields()[name].type;
  const below = one.selectionSet && selected(getNamedType(type), one.selectionSet, fragments);
  return `${(one.alias ?? one.name).value}: ${name === "__schema" ? below : written(type, below)}`;
}

function variables(definitions) {
  const all = definitions.map(({ variable, type }) => {
    const found = typeFromAST(schema, type);
    return `${variable.name.value}${isNonNullType(found) ? "" : "?"}: ${written(found)}`;
  });
  return all.length ? `{ ${all.join("; ")} }` : "Record<never, never>";
}

function declared(file) {
  const document = parse(readFileSync(new URL(file, FOLDER), "utf8"));
  const wrong = validate(schema, document);
  if (wrong.length) throw new Error(`${file}: ${wrong.join("\n")}`);
  const asked = document.definitions.find((one) => one.kind === "OperationDefinition");
  const fragments = new Map(document.definitions.filter((one) => one.kind === "FragmentDefinition").map((one) => [one.name.value, one]));
  return `declare module "*/${file}?raw" {
  export type Data = ${selected(schema.getQueryType(), asked.selectionSet, fragments)};
  export type Variables = ${variables(asked.variableDefinitions)};
  const text: string & { readonly answers?: (variables: Variables) => Data };
  export default text;
}
`;
}

function stop(what) {
  throw new Error(`${what} cannot be typed here`);
}

mkdirSync(new URL("./generated/", import.meta.url), { recursive: true });
writeFileSync(new URL("./generated/asked.d.ts", import.meta.url), readdirSync(FOLDER).map(declared).join("\n"));
