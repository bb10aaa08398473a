/** Where does a person begin whose canvas is empty? The records of each kind that most hangs on. */
import type { Ontology, TypeInfo } from "../../model/ontology";
import { beginningsQuery, linksOf } from "../../query/card";
import { useAnswer } from "../../state/answer";
import { show } from "../../state/graph";
import { world } from "../../state/world";
import { t } from "../../text/words";
import { TypeDot } from "../parts";

type Row = Parameters<typeof linksOf>[0] & { id: string; label: string };

const MOST = 6;

export function Beginnings() {
  const ontology = world.value?.ontology;
  const types = ontology ? mainTypes(ontology) : [];
  const { data } = useAnswer(ontology && types.length ? beginningsQuery(ontology, types) : null, {});
  return (
    <div class="beginnings">
      <h2>{t("emptyGraph")}</h2>
      <p class="soft">{t("emptyGraphHint")}</p>
      <ul>
        {types.flatMap((type) => best(data?.[type.list ?? ""] ?? []).map((row) => <Start key={row.id} type={type} row={row} />))}
      </ul>
    </div>
  );
}

function Start({ type, row }: { type: TypeInfo; row: Row }) {
  return (
    <li>
      <button type="button" class="button" onClick={() => void show([row.id])}>
        <TypeDot type={type.name} />
        {row.label}
      </button>
    </li>
  );
}

/** The types with a location or the most relationships come first: what a reader would look for. */
function mainTypes(ontology: Ontology): TypeInfo[] {
  const links = (type: TypeInfo) => type.fields.filter((info) => info.kind === "RELATIONSHIP").length;
  return ontology.nodeTypes
    .filter((type) => type.list && type.count > 1)
    .sort((a, b) => links(b) * Math.log(b.count) - links(a) * Math.log(a.count))
    .slice(0, 3);
}

const best = (rows: Row[]): Row[] => rows.toSorted((a, b) => linksOf(b) - linksOf(a)).slice(0, MOST);
