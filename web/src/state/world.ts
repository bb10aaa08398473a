/** What does this server hold and what can it do? Read once when the page opens. */
import { signal } from "@preact/signals";
import { Ontology } from "../model/ontology";
import { ask } from "../net/client";
import ABILITIES from "../query/asked/abilities.graphql?raw";
import ONTOLOGY from "../query/asked/ontology.graphql?raw";

/** Root fields that a server may lack. */
export type Ability = "search" | "subgraph" | "paths" | "neighborhood" | "graphMetrics" | "history";

export interface World {
  ontology: Ontology;
  can: (ability: Ability) => boolean;
}

/** The same of an ontology without relationships, whose API has no words for them. */
const UNRELATED = ONTOLOGY.replace(/ relationships \{[^]*?properties.*\s*\}/, "").replace(/relationship direction.*/, "") as typeof ONTOLOGY;

export const world = signal<World | null>(null);
export const trouble = signal<string | null>(null);

export async function openWorld(): Promise<void> {
  try {
    const [served, abilities] = await Promise.all([ask(ONTOLOGY, {}).catch(() => ask(UNRELATED, {})), ask(ABILITIES, {})]);
    const roots = new Set(abilities.__schema.queryType.fields?.map((one) => one.name));
    world.value = { ontology: new Ontology({ ...served.ontology, relationships: served.ontology.relationships ?? [] }), can: (ability) => roots.has(ability) };
  } catch (error) {
    trouble.value = error instanceof Error ? error.message : String(error);
  }
}
