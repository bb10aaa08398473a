/** Which records of a type are there? A page-by-page table, filtered by name. */
import { useEffect, useState } from "preact/hooks";
import type { TypeInfo } from "../model/ontology";
import { fieldLabel } from "../model/ontology";
import { ask } from "../net/client";
import { listQuery, shownColumns, type Page } from "../query/card";
import { useAnswer } from "../state/answer";
import { go, href, language, stay } from "../state/app";
import { show } from "../state/graph";
import { world } from "../state/world";
import { countText, valueText } from "../text/values";
import { t } from "../text/words";
import { Behind } from "./behind";
import { Button, Failed, Loading, TypeDot, typeLabel } from "./parts";

type Row = Page["nodes"][number];

const FIRST = 50;

export function TypePage({ type, find }: { type: string; find: string }) {
  const info = world.value?.ontology.types.get(type);
  const [typed, setTyped] = useState(find);
  useEffect(() => {
    const timer = setTimeout(() => typed !== find && stay({ page: "type", type, find: typed }), 200);
    return () => clearTimeout(timer);
  }, [typed, find, type]);
  if (!info?.list) return <p class="notice">{t("notFound")}</p>;
  const query = listQuery(info, find, FIRST, null);
  return (
    <div class="page wide">
      <h1 class="row">
        <TypeDot type={type} /> {typeLabel(type)} <span class="soft num">{countText(info.count)}</span>
      </h1>
      {info.description && language.value === "en" && <p class="soft">{info.description}</p>}
      <p class="row tools">
        {info.label && <input class="field" type="search" aria-label={t("filterByName")} placeholder={t("filterByName")} value={typed} onInput={(event) => setTyped(event.currentTarget.value)} />}
        <Behind query={query} />
      </p>
      <Records key={`${find} ${language.value}`} info={info} find={find} query={query} />
    </div>
  );
}

function Records({ info, find, query }: { info: TypeInfo; find: string; query: ReturnType<typeof listQuery> }) {
  const root = `${info.list}Connection`;
  const { data, error } = useAnswer(query, {});
  const [more, setMore] = useState<Page[]>([]);
  const first = data?.[root];
  if (error) return <Failed message={error} />;
  if (!first) return <Loading />;
  const last = more.at(-1) ?? first;
  const rows = [first, ...more].flatMap((page) => page.nodes);
  const next = async () => {
    const answer = await ask(listQuery(info, find, FIRST, last.pageInfo.endCursor), {});
    const page = answer[root];
    if (page) setMore([...more, page]);
  };
  const toGraph = async () => {
    await show(rows.map((row) => row.id));
    go({ page: "graph", view: "graph", open: null, canvas: null });
  };
  return (
    <>
      <div class="card scroll">
        <Rows info={info} rows={rows} />
      </div>
      <p class="row tools">
        <span class="soft num">
          {rows.length} {t("of")} {countText(first.totalCount)}
        </span>
        {last.pageInfo.hasNextPage && <Button label={t("more")} icon="chevron-down" onClick={() => void next()} />}
        <Button label={t("openAsGraph")} icon="waypoints" onClick={() => void toGraph()} />
      </p>
    </>
  );
}

function Rows({ info, rows }: { info: TypeInfo; rows: Row[] }) {
  const filled = shownColumns(info).filter((column) => rows.some((row) => !empty(row[column.name])));
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{t("name")}</th>
          {filled.map((column) => (
            <th key={column.name} scope="col" title={column.description ?? ""}>
              {fieldLabel(column, language.value)}
            </th>
          ))}
          <th scope="col" class="num">
            {t("linksCount")}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            <td>
              <a href={href({ page: "record", id: row.id })}>{row.label}</a>
            </td>
            {filled.map((column) => (
              <td key={column.name} class={column.type === "Point" || column.type === "Period" ? "narrow" : ""}>{valueText(column, row[column.name], language.value)}</td>
            ))}
            <td class="num">{countText(row.degree.reduce((sum, one) => sum + one.count, 0))}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const empty = (value: unknown): boolean => value === null || value === undefined || (Array.isArray(value) && value.length === 0);
