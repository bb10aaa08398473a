/** What can be done with the canvas as a whole? Views, undo and redo, layout, paths, what is hidden. */
import { EMPTY, keepRelated, LAYOUTS, remove, select } from "../../model/canvas";
import type { GraphView } from "../../model/place";
import { act, adjust, current, edges, layoutRuns, drawnEdges, notice, redo, shownCards, steps, undo } from "../../state/graph";
import { seek } from "../../state/paths";
import { world } from "../../state/world";
import { t } from "../../text/words";
import { ExportMenu } from "../export-menu";
import { drawn } from "../../export/file";
import { svg } from "../../export/svg";
import { sizeOf } from "../../layout/input";
import { canvasQuery } from "../../query/card";
import { Behind } from "../behind";
import { Button, Icon, Menu, MenuItem, relationshipLabel, typeColor, typeLabel } from "../parts";
import { inksOf } from "./labels";
import type { Handle } from "./view";

const VIEWS: [GraphView, string][] = [
  ["graph", "waypoints"],
  ["table", "table"],
  ["map", "map"],
  ["timeline", "calendar-days"],
];

interface Props {
  view: GraphView;
  onView: (view: GraphView) => void;
  handle: { current: Handle | null };
}

export function Toolbar({ view, onView, handle }: Props) {
  const empty = current.value.spots.size === 0;
  return (
    <div class="toolbar" role="toolbar" aria-label={t("graph")}>
      <div class="row tight">
        {VIEWS.map(([name, icon]) => (
          <Button key={name} bare icon={icon} label={t(name)} aria-pressed={view === name} onClick={() => onView(name)} />
        ))}
      </div>
      <span class="grow" />
      <Button bare quiet icon="undo-2" label={t("undo")} disabled={!steps.value.past.length} onClick={undo} />
      <Button bare quiet icon="redo-2" label={t("redo")} disabled={!steps.value.future.length} onClick={redo} />
      {view === "graph" && <Sight handle={handle} />}
      {!empty && <Behind query={query} quiet />}
      {!empty && <ExportMenu query={query} pictures={() => (view === "graph" ? picture : drawn())} />}
      <Button bare quiet icon="trash-2" label={t("clear")} disabled={empty} onClick={() => act(() => EMPTY)} />
    </div>
  );
}

/** What gives this view: the nodes that are shown, and the edges of the types that are drawn. */
function query(): string | null {
  const here = world.value;
  const types = here?.can("neighborhood") ? [...new Set(drawnEdges.value.map((edge) => edge.type))] : [];
  return here && canvasQuery(here.ontology, shownCards.value.map((card) => card.id), types);
}

/** The canvas on paper. */
function picture(): string {
  const { spots } = current.value;
  const nodes = shownCards.value.map(({ id, label, type, degree }) => ({ id, label, typeLabel: typeLabel(type), color: typeColor(type), size: sizeOf(degree), x: spots.get(id)?.x ?? 0, y: spots.get(id)?.y ?? 0 }));
  const edges = drawnEdges.value.map(({ source, target, type }) => ({ source, target, label: relationshipLabel(type) }));
  return svg({ nodes, edges }, inksOf(document.querySelector<HTMLElement>(".stage") ?? document.body));
}

function Sight({ handle }: { handle: Props["handle"] }) {
  return (
    <>
      <Menu icon="shapes" label={t("layout")} bare quiet choice>
        {(close) =>
          LAYOUTS.map((layout) => (
            <MenuItem key={layout} label={t(layout)} checked={current.value.layout === layout} onClick={() => (arrange(layout), close())} />
          ))
        }
      </Menu>
      <Button bare quiet icon="zoom-in" label={t("zoomIn")} onClick={() => handle.current?.zoom(true)} />
      <Button bare quiet icon="zoom-out" label={t("zoomOut")} onClick={() => handle.current?.zoom(false)} />
      <Button bare quiet icon="maximize" label={t("fit")} onClick={() => handle.current?.fit()} />
    </>
  );
}

function arrange(layout: (typeof LAYOUTS)[number]): void {
  act((now) => ({ ...now, layout }));
  layoutRuns.value += 1;
}

/** What can be done with what is selected; shown while something is. */
export function SelectionBar() {
  const { selected } = current.value;
  if (selected.length === 0) return null;
  const [from, to] = selected;
  const two = selected.length === 2 && from !== undefined && to !== undefined;
  return (
    <div class="selection row" role="status">
      <span class="num">
        {selected.length} {t("selected")}
      </span>
      {world.value?.can("paths") && (
        <Button icon="spline" label={t("paths")} title={t("pathsHint")} disabled={!two} onClick={() => two && seek({ from, to })} />
      )}
      <Button icon="scan-eye" label={t("hideUnrelated")} onClick={() => act((now) => keepRelated(now, now.selected, edges.value.values()))} />
      <Button icon="circle-minus" label={t("remove")} onClick={() => act((now) => remove(now, now.selected))} />
      <Button bare quiet icon="x" label={t("clearSelection")} onClick={() => adjust((now) => select(now, []))} />
    </div>
  );
}

/** What a person should know now; closed by a click. */
export function Notice() {
  const text = notice.value;
  const many = current.value.spots.size;
  const said = text === "stop" ? t("stopMany") : (text ?? (many >= 2_000 ? t("warnMany") : null));
  if (!said) return null;
  return (
    <p class="said" role="status">
      <Icon name="info" />
      <span class="grow">{said}</span>
      {text && <Button bare quiet icon="x" label={t("close")} onClick={() => (notice.value = null)} />}
    </p>
  );
}
