/** What is known about this record, and who says so? A page to read. */
import type { ComponentChildren } from "preact";
import { fieldLabel } from "../../model/ontology";
import { readRecord, type RecordFacts } from "../../model/record";
import { typeAt, graphAt } from "../../model/place";
import { recordQuery } from "../../query/record";
import { useAnswer } from "../../state/answer";
import { go, href, language } from "../../state/app";
import { current, show } from "../../state/graph";
import { world } from "../../state/world";
import { countText } from "../../text/values";
import { t } from "../../text/words";
import { Behind } from "../behind";
import { Button, Failed, Loading, TypeDot, typeLabel, useTitle } from "../parts";
import { ExportMenu } from "../export-menu";
import { Facts, References } from "./facts";
import { History } from "./history";
import { linkLabel, Links } from "./links";
import "../../styles/record.css";

export function RecordPage({ id, history }: { id: string; history: boolean }) {
  return (
    <article class="page record">
      <RecordView id={id} />
      {world.value?.can("history") && <History id={id} open={history} />}
    </article>
  );
}

function RecordView({ id }: { id: string }) {
  const { record, query, error, loading } = useRecord(id);
  useTitle(record?.label ?? id);
  if (error) return <Failed message={error} />;
  if (!record) return loading ? <Loading /> : <p class="notice">{t("notFound")}</p>;
  return (
    <>
      <Head record={record}>
        <ShowInGraph id={record.id} />
        <Behind query={query} />
        <ExportMenu query={query} />
      </Head>
      <div class="columns">
        <div>
          <Stated record={record} />
        </div>
        <div>
          <h2 class="hidden-text">{t("relationships")}</h2>
          <Contents record={record} />
          <Links id={record.id} links={record.links} />
        </div>
      </div>
    </>
  );
}

/** A record with the query that gave it. */
export function useRecord(id: string): { record: RecordFacts | null; query: string | null; error: string | null; loading: boolean } {
  const ontology = world.value?.ontology;
  const query = ontology ? recordQuery(ontology, id) : null;
  const { data, error, loading } = useAnswer(query, {});
  const record = ontology && data ? readRecord(ontology, data) : null;
  const stale = record !== null && record.id !== id;
  return { record: stale ? null : record, query, error, loading: loading || stale };
}

/** Type, id, name in all languages, and what one can do. */
export function Head({ record, children }: { record: RecordFacts; children: ComponentChildren }) {
  const label = record.facts.find((fact) => fact.field.name === labelOf(record));
  const other = label?.texts.find((text) => text.value !== record.label);
  return (
    <header class="head">
      <p class="kind">
        <TypeDot type={record.type} />
        <a href={href(typeAt(record.type))}>{typeLabel(record.type)}</a>
        <code class="faint">{record.id}</code>
      </p>
      <h1>
        {record.label} {other && <small lang={other.lang}>{other.value}</small>}
      </h1>
      <div class="row">{children}</div>
    </header>
  );
}

const labelOf = (record: RecordFacts): string | null | undefined => world.value?.ontology.types.get(record.type)?.label;

function ShowInGraph({ id }: { id: string }) {
  const there = current.value.spots.has(id);
  const open = async () => {
    await show([id]);
    go(graphAt({ open: id }));
  };
  return <Button main icon="waypoints" label={there ? t("inGraph") : t("showInGraph")} onClick={() => void open()} />;
}

/** What is stated of the record itself, and by whom. */
export function Stated({ record }: { record: RecordFacts }) {
  const infos = world.value?.ontology.types.get(record.type)?.fields;
  const labels = new Map(infos?.map((info) => [info.name, fieldLabel(info, language.value)]));
  return (
    <>
      <h2 class="hidden-text">{t("facts")}</h2>
      <Facts facts={record.facts.filter((fact) => fact.field.name !== labelOf(record))} references={record.references} />
      <h2>
        {t("references")} <span class="count num">{record.references.length}</span>
      </h2>
      <References references={record.references} labels={labels} />
    </>
  );
}

/** The relationships with their counts, before the neighbours themselves. */
function Contents({ record }: { record: RecordFacts }) {
  if (record.links.length < 4) return null;
  return (
    <p class="contents">
      {record.links.map((link) => (
        <span key={link.name}>
          {linkLabel(link)} <b class="num">{countText(link.total)}</b>
        </span>
      ))}
    </p>
  );
}
