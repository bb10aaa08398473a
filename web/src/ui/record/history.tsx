/** What became of a record? Each commit that changed it: when, who, why, and each value before and after. */
import { fieldLabel, typeOf } from "../../model/ontology";
import { recordAt } from "../../model/place";
import HISTORY, { type Data } from "../../query/asked/history.graphql?raw";
import { useAnswer } from "../../state/answer";
import { language, stay } from "../../state/app";
import { world } from "../../state/world";
import { t } from "../../text/words";
import { Behind } from "../behind";
import { Failed, Loading } from "../parts";

type Entry = Data["history"][number];
type Line = Record<string, unknown>;

export function History({ id, open }: { id: string; open: boolean }) {
  const { data, error } = useAnswer(open ? HISTORY : null, { id });
  return (
    <details class="history" open={open} onToggle={(event) => event.currentTarget.open !== open && stay(recordAt(id, !open))}>
      <summary>{t("changes")}</summary>
      {open && (error ? <Failed message={error} /> : !data ? <Loading /> : <Entries id={id} all={data.history} />)}
      {open && <Behind query={HISTORY} variables={{ id }} />}
    </details>
  );
}

function Entries({ id, all }: { id: string; all: readonly Entry[] }) {
  return (
    <ol>
      {all.map((one) => (
        <li key={one.revision}>
          <b>{t(one.action)}</b> <time dateTime={one.at}>{new Date(one.at).toLocaleString(language.value, { dateStyle: "medium", timeStyle: "short" })}</time>{" "}
          <span class="faint">
            {[one.actor, one.message].filter(Boolean).join(" · ")} #{one.revision}
          </span>
          {one.action === "UPDATED" && <Changed id={id} before={one.before as Line} after={one.after as Line} />}
        </li>
      ))}
    </ol>
  );
}

function Changed({ id, before, after }: { id: string; before: Line; after: Line }) {
  const infos = world.value?.ontology.types.get(typeOf(id))?.fields;
  const text = (value: unknown) => (typeof value === "string" ? value : value === undefined ? "–" : JSON.stringify(value));
  const label = (name: string) => {
    const info = infos?.find((one) => one.name === name);
    return info ? fieldLabel(info, language.value) : name === "references" ? t("references") : name;
  };
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => text(before[name]) !== text(after[name]));
  return (
    <dl class="facts">
      {names.map((name) => (
        <div key={name}>
          <dt>{label(name)}</dt>
          <dd>
            <del>{text(before[name])}</del> → <ins>{text(after[name])}</ins>
          </dd>
        </div>
      ))}
    </dl>
  );
}
