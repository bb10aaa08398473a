/**
 * What is asked before anything else: what exists, how it hangs together, where it comes from, and
 * what this server can do.
 */
import { field, fields, query } from "./text";

const DISPLAY = field("display", fields("color", "icon", "zh", "en"));

const FIELD = [
  ...fields("name", "kind", "type", "description"),
  DISPLAY,
  ...fields("list", "required", "localized", "search", "min", "unit", "relationship", "direction", "target", "many"),
];

/** Types, relationships and their fields. */
export const ONTOLOGY = query("Ontology", [
  field("ontology", [
    field("languages"),
    field("types", [
      ...fields("name", "single", "list", "description", "count", "interface", "interfaces", "members", "label"),
      DISPLAY,
      field("fields", FIELD),
    ]),
    field("relationships", [
      ...fields("name", "type", "single", "list", "description", "count", "from", "to", "symmetric"),
      DISPLAY,
      field("pairs", fields("from", "to")),
      field("properties", FIELD),
    ]),
  ]),
]);

/** Where the data comes from. */
export const SOURCES = query("Sources", [
  field("revision"),
  field("sources", [
    ...fields("id", "label", "authors", "publisher", "published", "url", "file"),
    field("citedBy", fields("totalCount"), { first: 0 }),
  ]),
]);

/** Which root fields there are: parts of the API that are not built are absent. */
export const ABILITIES = query("Abilities", [
  field("__schema", [
    field("queryType", [field("fields", [field("name"), field("args", fields("name"))])]),
  ]),
]);
