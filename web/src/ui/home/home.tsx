/** What is in this graph, before any query? Types and counts, how they relate, where it comes from. */
import { useState } from "preact/hooks";
import { groupBy } from "../../model/group";
import type { Ontology, TypeInfo } from "../../model/ontology";
import { typeAt } from "../../model/place";
import ONTOLOGY from "../../query/asked/ontology.graphql?raw";
import { world } from "../../state/world";
import { href } from "../../state/app";
import { countText } from "../../text/values";
import { t } from "../../text/words";
import { Behind } from "../behind";
import { TypeDot, typeLabel, useTitle } from "../parts";
import { SearchBox } from "../search";
import { Relations } from "./relations";
import { Sources } from "./sources";
import { Weave } from "./weave";
import "../../styles/home.css";

export function Home() {
  const ontology = world.value?.ontology;
  const [type, setType] = useState<string | null>(null);
  useTitle("");
  if (!ontology) return null;
  return (
    <div class="page home">
      <Hero ontology={ontology} />
      <section class="section" aria-labelledby="what">
        <header>
          <h2 id="what">{t("whatIsHere")}</h2>
          <Behind query={ONTOLOGY} />
        </header>
        {groups(ontology).map(([name, types], _, all) => (
          <Group key={name} name={name} alone={all.length === 1} types={types} chosen={type} onChoose={setType} />
        ))}
      </section>
      {ontology.served.relationships.some((one) => one.count > 0) && (
        <section class="section" aria-labelledby="how">
          <header>
            <h2 id="how">{t("howRelated")}</h2>
            <span class="soft">{t("howRelatedHint")}</span>
          </header>
          <div class="woven card">
            <Weave ontology={ontology} chosen={type} onChoose={setType} />
            <Relations ontology={ontology} type={type} onChoose={setType} />
          </div>
        </section>
      )}
      <Sources />
    </div>
  );
}

function Hero({ ontology }: { ontology: Ontology }) {
  const records = ontology.nodeTypes.reduce((sum, type) => sum + type.count, 0);
  const edges = ontology.served.relationships.reduce((sum, one) => sum + one.count, 0);
  return (
    <header class="hero">
      <h1>{t("title")}</h1>
      <p class="soft counts">
        <b>{countText(records)}</b> {t("records")} · <b>{countText(edges)}</b> {t("relations")} · <b>{ontology.nodeTypes.length}</b> {t("kinds")}
      </p>
      {world.value?.can("search") && <SearchBox large />}
    </header>
  );
}

/** Types by the narrowest interface that gathers some of them, but not most; the rest at the end. */
function groups(ontology: Ontology): [string, TypeInfo[]][] {
  const filled = ontology.nodeTypes.filter((type) => type.count > 0);
  const types = filled.length ? filled : ontology.nodeTypes;
  const by = groupBy(types, (type) => gathering(ontology, type, types.length) ?? "");
  const sized = [...by].map(([name, own]) => [name, own.toSorted((a, b) => b.count - a.count)] as [string, TypeInfo[]]);
  return sized.sort(([a], [b]) => Number(a === "") - Number(b === ""));
}

function gathering(ontology: Ontology, type: TypeInfo, all: number): string | null {
  const members = (name: string) => ontology.types.get(name)?.members.length ?? 0;
  const fitting = type.interfaces.filter((name) => members(name) > 1 && members(name) < all / 2);
  return fitting.sort((a, b) => members(a) - members(b))[0] ?? null;
}

interface GroupProps {
  alone: boolean;
  name: string;
  types: TypeInfo[];
  chosen: string | null;
  onChoose: (type: string) => void;
}

function Group({ name, alone, types, chosen, onChoose }: GroupProps) {
  return (
    <div class="group">
      {!alone && <h3>{name ? typeLabel(name) : t("others")}</h3>}
      <ul class="types">
        {types.map((type) => (
          <li key={type.name} class={chosen === type.name ? "chosen" : ""}>
            <a href={href(typeAt(type.name))} title={type.description ?? ""} onPointerEnter={() => onChoose(type.name)} onFocus={() => onChoose(type.name)}>
              <TypeDot type={type.name} />
              <span class="grow">{typeLabel(type.name)}</span>
              <span class="num soft">{countText(type.count)}</span>
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}
