/**
 * What may exist in this graph, and how is it shown? The served `ontology`, indexed for look-up.
 * Everything the page knows of types, fields, colours and labels comes from here.
 */

import type { Data } from "../query/asked/ontology.graphql?raw";

export type Language = "zh" | "en";

/** The answer to query/asked/ontology.graphql. */
export type ServedOntology = Data["ontology"];
export type TypeInfo = ServedOntology["types"][number];
export type RelationshipInfo = ServedOntology["relationships"][number];
export type FieldInfo = TypeInfo["fields"][number];

/** Colours of types that name none, far apart on the wheel; chosen by the type's name. */
const PALETTE = ["#0f766e", "#b45309", "#6d28d9", "#be123c", "#1d4ed8", "#4d7c0f", "#a21caf", "#0369a1"];

export class Ontology {
  readonly types: ReadonlyMap<string, TypeInfo>;
  readonly relationships: ReadonlyMap<string, RelationshipInfo>;

  constructor(readonly served: ServedOntology) {
    this.types = new Map(served.types.map((type) => [type.name, type]));
    this.relationships = new Map(served.relationships.map((one) => [one.type, one]));
  }

  /** Node types, without interfaces. */
  get nodeTypes(): TypeInfo[] {
    return this.served.types.filter((type) => !type.interface);
  }

  color(type: string): string {
    return this.types.get(type)?.display.color ?? byName(type);
  }

  icon(type: string): string | null {
    return this.types.get(type)?.display.icon ?? null;
  }

  /** What people call a type. */
  typeLabel(type: string, language: Language): string {
    const display = this.types.get(type)?.display;
    return display?.[language] ?? display?.en ?? words(type);
  }

  /** What people call a relationship type. */
  relationshipLabel(type: string, language: Language): string {
    const one = this.relationships.get(type);
    return one?.display[language] ?? (language === "zh" ? this.fieldLabelOf(type) : null) ?? one?.display.en ?? words(type);
  }

  relationshipColor(type: string): string | null {
    return this.relationships.get(type)?.display.color ?? null;
  }

  /** A relationship type without a label of its own is called as the field that shows it. */
  private fieldLabelOf(type: string): string | null {
    for (const info of this.served.types) {
      const seen = info.fields.find((one) => one.relationship === type && one.direction === "OUT" && one.display.zh);
      if (seen) return seen.display.zh;
    }
    return null;
  }
}

/** What people call a field. */
export function fieldLabel(info: FieldInfo, language: Language): string {
  return info.display[language] ?? info.display.en ?? words(info.name);
}

/** `returneesFrom`, `RETURN_ROUTE`, `ReturnRoute` → "Returnees from", "Return route", … */
export function words(name: string): string {
  const spaced = name
    .replace(/_/g, " ")
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

/** The type that an id names. */
export function typeOf(id: string): string {
  return id.slice(0, id.indexOf(":"));
}

/** The key that an id names. */
export function keyOf(id: string): string {
  return id.slice(id.indexOf(":") + 1);
}

function byName(type: string): string {
  let sum = 0;
  for (const char of type) sum = (sum * 31 + char.charCodeAt(0)) >>> 0;
  return PALETTE[sum % PALETTE.length] ?? "#475569";
}
