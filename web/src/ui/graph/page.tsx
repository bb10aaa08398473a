/** What does a researcher work with all day? The canvas with its legend, details, and other views of it. */
import { useEffect, useRef } from "preact/hooks";
import { remove } from "../../model/canvas";
import { graphAt, parsePlace, printPlace, type At, type GraphView } from "../../model/place";
import { kept, keepAs, language, place, stay } from "../../state/app";
import { act, current, drawnEdges, redo, relearn, restore, shownCards, undo } from "../../state/graph";
import { grow } from "../../state/expansion";
import { world } from "../../state/world";
import { t } from "../../text/words";
import { CardsMap } from "../map/cards-map";
import { Icon, useTitle } from "../parts";
import { CardsTable } from "../sheets/cards-table";
import { Timeline } from "../sheets/timeline";
import { Aside } from "./aside";
import { Beginnings } from "./beginnings";
import { Legend } from "./legend";
import { PathsAside } from "./paths-aside";
import { Notice, SelectionBar, Toolbar } from "./toolbar";
import { GraphCanvas, type Handle } from "./view";
import "../../styles/graph.css";

type GraphPlace = At<"graph">;

/** On a phone the legend begins closed. */
const wide = matchMedia("(min-width: 901px)");

export function GraphPage() {
  const handle = useRef<Handle | null>(null);
  const here = place.value as GraphPlace;
  useAddress();
  useTitle(t(here.view));
  useKeys();
  const to = (change: Partial<GraphPlace>) => stay({ ...(place.value as GraphPlace), canvas: current.value, ...change });
  const empty = current.value.spots.size === 0;
  return (
    <div class={`workspace${here.open || here.path ? " opened" : ""}`}>
      <details class="legend-holder" open={wide.matches}>
        <summary>
          <Icon name="list" /> {t("legend")}
        </summary>
        <Legend />
      </details>
      <section class="stage" aria-label={t(here.view)}>
        <Toolbar view={here.view} onView={(view) => to({ view })} handle={handle} />
        <Notice />
        <View view={here.view} handle={handle} open={here.open} onOpen={(open) => to({ open })} />
        {empty && <Beginnings />}
        <SelectionBar />
      </section>
      {here.open ? <Aside key={here.open} id={here.open} onClose={() => to({ open: null })} /> : here.path && <PathsAside path={here.path} onClose={() => to({ path: null })} />}
    </div>
  );
}

interface ViewProps {
  view: GraphView;
  handle: { current: Handle | null };
  open: string | null;
  onOpen: (id: string | null) => void;
}

function View({ view, handle, open, onOpen }: ViewProps) {
  if (view === "graph") return <GraphCanvas handle={handle} onOpen={onOpen} onExpand={(id) => void growFirst(id)} />;
  return (
    <div class="sheet-view">
      {view === "table" && <CardsTable cards={shownCards.value} edges={drawnEdges.value} chosen={new Set([...current.value.selected, open ?? ""])} onOpen={onOpen} />}
      {view === "map" && <CardsMap cards={shownCards.value} edges={drawnEdges.value} open={open} onOpen={onOpen} />}
      {view === "timeline" && <Timeline cards={shownCards.value} edges={drawnEdges.value} onOpen={onOpen} />}
    </div>
  );
}

/** A double click brings the first relationships that a node has. */
async function growFirst(id: string): Promise<void> {
  const type = world.value?.ontology.types.get(id.slice(0, id.indexOf(":")));
  for (const info of type?.fields.filter((one) => one.kind === "RELATIONSHIP") ?? []) await grow(id, info.name);
}

/** The canvas goes into the address, and comes from there; without one, the last of this browser. */
function useAddress(): void {
  const first = useRef(true);
  const here = place.value as GraphPlace;
  useEffect(() => {
    const given = here.canvas;
    if (given && given !== current.value && changed(given)) restore(given);
    else if (first.current && current.value.spots.size === 0) restoreLast();
    first.current = false;
  }, [here.canvas]);
  const canvas = current.value;
  useEffect(() => {
    const timer = setTimeout(() => {
      if (place.value.page !== "graph") return;
      stay({ ...place.value, canvas });
      keepAs("canvas", printPlace(graphAt({ canvas })));
    }, 250);
    return () => clearTimeout(timer);
  }, [canvas]);
  const tongue = useRef(language.value);
  useEffect(() => {
    if (tongue.current !== language.value) void relearn();
    tongue.current = language.value;
  }, [language.value]);
}

function changed(given: NonNullable<GraphPlace["canvas"]>): boolean {
  const print = (canvas: GraphPlace["canvas"]) => printPlace(graphAt({ canvas }));
  return print(given) !== print(current.value);
}

function restoreLast(): void {
  const last = kept("canvas");
  const before = last ? parsePlace(last) : null;
  if (before?.page === "graph" && before.canvas) restore(before.canvas);
}

/** Undo, redo and remove by keyboard, unless a person is typing. */
function useKeys(): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if ((event.target as HTMLElement).closest?.("input, textarea, select, dialog")) return;
      const key = event.key.toLowerCase();
      const command = event.ctrlKey || event.metaKey;
      if (command && key === "z") (event.shiftKey ? redo : undo)();
      else if (command && key === "y") redo();
      else if (key === "delete" || key === "backspace") act((now) => (now.selected.length ? remove(now, now.selected) : now));
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, []);
}
