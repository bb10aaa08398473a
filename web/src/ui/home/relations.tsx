/** To what is a type joined? Its relationships both ways, with counts, and the way to its records. */
import type { Ontology, RelationshipInfo } from "../../model/ontology";
import { typeAt } from "../../model/place";
import { href, language } from "../../state/app";
import { countText } from "../../text/values";
import { t } from "../../text/words";
import { TypeDot, relationshipLabel, typeLabel } from "../parts";

interface Props {
  ontology: Ontology;
  type: string | null;
  onChoose: (type: string) => void;
}

export function Relations({ ontology, type, onChoose }: Props) {
  const chosen = type ?? mostJoined(ontology);
  const info = ontology.types.get(chosen);
  if (!info) return null;
  const own = new Set([chosen, ...info.interfaces, ...info.members]);
  const there = ontology.served.relationships.filter((one) => one.count > 0 && own.has(one.from));
  const here = ontology.served.relationships.filter((one) => one.count > 0 && own.has(one.to));
  return (
    <aside class="relations">
      <h3>
        <TypeDot type={chosen} /> {ontology.typeLabel(chosen, language.value)} <span class="soft num">{countText(info.count)}</span>
      </h3>
      {info.description && language.value === "en" && <p class="soft">{info.description}</p>}
      {info.list && (
        <p>
          <a href={href(typeAt(chosen))}>{t("browse")} →</a>
        </p>
      )}
      <List all={there} arrow="→" end={(one) => one.to} onChoose={onChoose} />
      <List all={here} arrow="←" end={(one) => one.from} onChoose={onChoose} />
    </aside>
  );
}

function List({ all, arrow, end, onChoose }: { all: RelationshipInfo[]; arrow: string; end: (one: RelationshipInfo) => string; onChoose: (type: string) => void }) {
  return (
    <ul>
      {all.map((one) => (
        <li key={one.type}>
          <span class="faint">{arrow}</span> {relationshipLabel(one.type)} <span class="faint">{arrow}</span>{" "}
          <button type="button" class="link" onClick={() => onChoose(end(one))}>
            {typeLabel(end(one))}
          </button>
          <span class="num faint"> {countText(one.count)}</span>
        </li>
      ))}
    </ul>
  );
}

/** The type with the most relationships of its own is a good first one to look at. */
function mostJoined(ontology: Ontology): string {
  const weight = (type: string) => ontology.served.relationships.filter((one) => one.from === type || one.to === type).length;
  return ontology.served.types.map((type) => type.name).filter((name) => name !== "Node").sort((a, b) => weight(b) - weight(a))[0] ?? "";
}
