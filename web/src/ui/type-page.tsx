/** Which records of a type are there? A page-by-page table, filtered by name. */
import { useEffect, useState } from "preact/hooks";
import type { TypeInfo } from "../model/ontology";
import { graphAt, recordAt, type At } from "../model/place";
import { allQuery, linksOf, listQuery, shownColumns, sortable, type Page } from "../query/card";
import { useAnswer } from "../state/answer";
import { go, href, language, relook, stay } from "../state/app";
import { show } from "../state/graph";
import { world } from "../state/world";
import { countText, valueHint, valueText } from "../text/values";
import { t } from "../text/words";
import { Behind } from "./behind";
import { ExportMenu } from "./export-menu";
import { columnOf, filledColumns } from "../model/rows";
import { Heading } from "./sheets/grid";
import { Button, Failed, Loading, TypeDot, typeLabel, useTitle } from "./parts";

type Row = Page["nodes"][number];

const ROWS = 50;

export function TypePage({ at }: { at: At<"type"> }) {
  const { type, find } = at;
  const ontology = world.value?.ontology;
  const info = ontology?.types.get(type);
  const [typed, setTyped] = useState(find);
  useTitle(typeLabel(type));
  useEffect(() => setTyped(find), [find]);
  useEffect(() => {
    const timer = setTimeout(() => typed !== find && stay({ ...at, find: typed }), 200);
    return () => clearTimeout(timer);
  }, [typed]);
  const shown = at.look.rows ?? ROWS;
  const query = ontology && info?.list ? listQuery(ontology, info, find, at.look.sort, shown) : null;
  const { data, error } = useAnswer(query, {});
  const page = data?.[`${info?.list}Connection`];
  if (!info?.list) return <p class="notice">{t("notFound")}</p>;
  return (
    <div class="page wide">
      <h1 class="row">
        <TypeDot type={type} /> {typeLabel(type)} <span class="soft num">{countText(info.count)}</span>
      </h1>
      {info.description && language.value === "en" && <p class="soft">{info.description}</p>}
      <p class="row tools">
        {info.label && <input class="field" type="search" aria-label={t("filterByName")} placeholder={t("filterByName")} value={typed} onInput={(event) => setTyped(event.currentTarget.value)} />}
        <Behind query={query} />
        <ExportMenu query={allQuery(info, find)} />
      </p>
      {error ? <Failed message={error} /> : page ? <Records info={info} page={page} shown={shown} /> : <Loading />}
    </div>
  );
}

function Records({ info, page, shown }: { info: TypeInfo; page: Page; shown: number }) {
  const toGraph = async () => {
    await show(page.nodes.map((row) => row.id));
    go(graphAt());
  };
  return (
    <>
      <div class="card scroll" role="region" aria-label={typeLabel(info.name)} tabIndex={0}>
        <Rows info={info} rows={page.nodes} />
      </div>
      <p class="row tools">
        <span class="soft num" role="status">
          {page.nodes.length} {t("of")} {countText(page.totalCount)}
        </span>
        {page.pageInfo.hasNextPage && <Button label={t("more")} icon="chevron-down" onClick={() => relook({ rows: shown + ROWS })} />}
        <Button label={t("openAsGraph")} icon="waypoints" onClick={() => void toGraph()} />
      </p>
    </>
  );
}

function Rows({ info, rows }: { info: TypeInfo; rows: readonly Row[] }) {
  const filled = filledColumns(shownColumns(info), rows);
  return (
    <table>
      <thead>
        <tr>
          {info.label ? <Heading column={{ name: info.label, label: t("name"), number: false }} /> : <th scope="col">{t("name")}</th>}
          {filled.map((one) => {
            const column = columnOf(one, language.value);
            return sortable(one) ? <Heading key={one.name} column={column} /> : <th key={one.name} scope="col">{column.label}</th>;
          })}
          <th scope="col" class="num">
            {t("linksCount")}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            <td>
              <a href={href(recordAt(row.id))}>{row.label}</a>
            </td>
            {filled.map((column) => (
              <td key={column.name} class={`${column.type === "String" || column.list ? "" : "narrow"}${columnOf(column, language.value).number ? " num" : ""}`} title={valueHint(column, row[column.name])}>
                {valueText(column, row[column.name], language.value)}
              </td>
            ))}
            <td class="num">{countText(linksOf(row))}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
