/** How can one answer be looked at? As JSON, as a table, and its records as graph, map and timeline. */
import { useMemo } from "preact/hooks";
import { tables } from "../../model/answer";
import { readCards, readEdges } from "../../model/card";
import type { AnswerView } from "../../model/place";
import { cardsQuery, edgesQuery } from "../../query/card";
import { useAnswer } from "../../state/answer";
import { look, relook } from "../../state/app";
import { world } from "../../state/world";
import { t } from "../../text/words";
import { Failed, Loading } from "../parts";
import { CardsMap } from "../map/cards-map";
import { Grid } from "../sheets/grid";
import { Timeline } from "../sheets/timeline";
import { AnswerGraph } from "./answer-graph";
import { Json } from "./json";

export interface ViewProps {
  view: AnswerView;
  data: unknown;
  ids: string[] | null;
  open: string | null;
  onOpen: (id: string) => void;
}

export function AnswerBody(props: ViewProps) {
  if (props.view === "json") return <Json value={props.data} />;
  if (props.view === "table") return <AnswerTables data={props.data} />;
  if (props.ids === null) return <Loading />;
  return props.ids.length ? <Records {...props} ids={props.ids} /> : <p class="notice">{t("noNodes")}</p>;
}

function AnswerTables({ data }: { data: unknown }) {
  const all = useMemo(() => tables(data), [data]);
  const { table } = look.value;
  const shown = all.find((one) => one.path === table) ?? all[0];
  if (!shown) return <p class="notice">{t("noTable")}</p>;
  return (
    <div class="table-view">
      {all.length > 1 && (
        <select class="field" aria-label={t("table")} value={shown.path} onChange={(event) => relook({ table: event.currentTarget.value, sort: null, only: [], rows: null })}>
          {all.map((one) => (
            <option key={one.path} value={one.path}>
              {one.path} ({one.rows.length})
            </option>
          ))}
        </select>
      )}
      <Grid columns={shown.columns} rows={shown.rows} label={shown.path || t("answer")} />
    </div>
  );
}

function Records({ view, ids, open, onOpen }: ViewProps & { ids: string[] }) {
  const here = world.value;
  const cardsAnswer = useAnswer(here ? cardsQuery(here.ontology, ids) : null, {});
  const edgesAnswer = useAnswer(here?.can("subgraph") ? edgesQuery(here.ontology, ids) : null, {});
  const cards = useMemo(() => (here && cardsAnswer.data ? readCards(here.ontology, cardsAnswer.data.nodes) : []), [here, cardsAnswer.data]);
  const edges = useMemo(() => here && edgesAnswer.data ? readEdges(here.ontology, edgesAnswer.data.subgraph.relationships) : [], [here, edgesAnswer.data]);
  if (cardsAnswer.error) return <Failed message={cardsAnswer.error} />;
  if (!cardsAnswer.data || edgesAnswer.loading) return <Loading />;
  if (view === "timeline") return <Timeline cards={cards} edges={edges} onOpen={onOpen} />;
  if (view === "graph") return <AnswerGraph cards={cards} edges={edges} onOpen={onOpen} />;
  return <CardsMap cards={cards} edges={edges} open={open} onOpen={onOpen} />;
}
