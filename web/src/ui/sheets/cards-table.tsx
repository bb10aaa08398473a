/** Which records are shown, as a table? All with what every record has, or one type with its own fields. */
import { useMemo } from "preact/hooks";
import type { Card } from "../../model/card";
import { groupBy } from "../../model/group";
import type { Edge } from "../../model/record";
import { cardRows, columnOf, filledColumns, numberCell, textCell, valueCell, type Column, type Row } from "../../model/rows";
import type { TypeInfo } from "../../model/ontology";
import { rowsQuery, shownColumns } from "../../query/card";
import { useAnswer } from "../../state/answer";
import { language, look, relook } from "../../state/app";
import { world } from "../../state/world";
import { t } from "../../text/words";
import { Behind } from "../behind";
import { Button, Failed, Loading, typeLabel } from "../parts";
import { Grid } from "./grid";

interface Props {
  cards: readonly Card[];
  edges: readonly Edge[];
  chosen: ReadonlySet<string>;
  onOpen: (id: string) => void;
}

export function CardsTable(props: Props) {
  const { cards } = props;
  const type = look.value.table;
  const setType = (table: string | null) => relook({ table, sort: null, only: [], rows: null });
  const types = [...groupBy(cards, (card) => card.type)].sort((a, b) => b[1].length - a[1].length);
  const info = type !== null && types.some(([name]) => name === type) ? world.value?.ontology.types.get(type) : undefined;
  return (
    <div class="table-view">
      <div class="row chips">
        <Button bare label={`${t("allOf")} ${cards.length}`} aria-pressed={!info} onClick={() => setType(null)} />
        {types.map(([name, own]) => (
          <Button key={name} bare label={`${typeLabel(name)} ${own.length}`} aria-pressed={info?.name === name} onClick={() => setType(name)} />
        ))}
      </div>
      {info ? <OneType {...props} info={info} /> : <AllTypes {...props} />}
    </div>
  );
}

function AllTypes({ cards, edges, chosen, onOpen }: Props) {
  const ontology = world.value?.ontology;
  const here = useMemo(() => edgesHere(edges), [edges]);
  const rows = useMemo(() => (ontology ? cardRows(cards, here, ontology, language.value) : []), [cards, here, ontology, language.value]);
  const filled = (at: number) => rows.some((row) => row.cells[at]?.text);
  const columns: Column[] = [
    { name: "label", label: t("name"), number: false },
    { name: "type", label: t("type"), number: false },
    { name: "here", label: t("inView"), number: true },
    { name: "degree", label: t("linksCount"), number: true },
    { name: "time", label: t("when"), number: false },
    { name: "place", label: t("where"), number: false },
    { name: "id", label: "id", number: false },
  ];
  const shown = columns.map((_, at) => at).filter((at) => at < 4 || filled(at));
  const kept = <T,>(all: readonly T[]) => shown.flatMap((at) => all[at] ?? []);
  return <Grid columns={kept(columns)} rows={rows.map((row) => ({ ...row, cells: kept(row.cells) }))} chosen={chosen} onOpen={onOpen} label={t("table")} />;
}

function OneType({ cards, edges, chosen, onOpen, info }: Props & { info: TypeInfo }) {
  const own = cards.filter((card) => card.type === info.name);
  const query = rowsQuery(info, own.map((card) => card.id));
  const { data, error } = useAnswer(query, {});
  const here = useMemo(() => edgesHere(edges), [edges]);
  if (error) return <Failed message={error} />;
  if (!data) return <Loading />;
  const raw = new Map(data.nodes.flatMap((one) => (one ? [[one.id, one] as const] : [])));
  const infos = filledColumns(shownColumns(info), [...raw.values()]);
  const columns: Column[] = [
    { name: "label", label: t("name"), number: false },
    ...infos.map((one) => columnOf(one, language.value)),
    { name: "here", label: t("inView"), number: true },
  ];
  const rows: Row[] = own.map((card) => ({
    id: card.id,
    cells: [textCell(card.label), ...infos.map((one) => valueCell(one, raw.get(card.id)?.[one.name], language.value)), numberCell(here.get(card.id) ?? 0)],
  }));
  return (
    <>
      <Grid columns={columns} rows={rows} chosen={chosen} onOpen={onOpen} label={`${t("table")}: ${typeLabel(info.name)}`} />
      <p class="row tools">
        <Behind query={query} />
      </p>
    </>
  );
}

function edgesHere(edges: readonly Edge[]): Map<string, number> {
  const here = new Map<string, number>();
  for (const id of edges.flatMap(({ source, target }) => [source, target])) here.set(id, (here.get(id) ?? 0) + 1);
  return here;
}
