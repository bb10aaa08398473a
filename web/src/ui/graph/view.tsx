/** What does the canvas show now? Binds the state to the picture, and the layout worker to both. */
import { useEffect, useRef } from "preact/hooks";
import { layoutInput, sizeOf } from "../../layout/input";
import { Laying } from "../../layout/laying";
import { isDirection, steer } from "../../layout/steer";
import { once } from "../../model/group";
import { isShown, move, pin, select, toggleSelected } from "../../model/canvas";
import { isDark, language } from "../../state/app";
import { act, adjust, cards, current, drawnEdges, layoutRuns } from "../../state/graph";
import { t } from "../../text/words";
import { relationshipColor, relationshipLabel, typeColor } from "../parts";
import { inksOf } from "./labels";
import { Picture, type DrawnEdge, type DrawnNode } from "./picture";

/** What the toolbar may ask of the picture. */
export interface Handle {
  fit: () => void;
  zoom: (inwards: boolean) => void;
}

interface Props {
  onOpen: (id: string | null) => void;
  onExpand: (id: string) => void;
  handle: { current: Handle | null };
}

export function GraphCanvas({ onOpen, onExpand, handle }: Props) {
  const holder = useRef<HTMLDivElement>(null);
  const picture = useRef<Picture | null>(null);
  const latest = useRef({ onOpen, onExpand });
  latest.current = { onOpen, onExpand };
  useEffect(() => {
    const element = holder.current;
    if (!element) return;
    const made = new Picture(element, gestures(latest), inksOf(element));
    picture.current = made;
    handle.current = { fit: () => made.fit(), zoom: (inwards) => made.zoom(inwards) };
    const watch = new ResizeObserver(() => made.resize());
    watch.observe(element);
    return () => {
      watch.disconnect();
      made.end();
      picture.current = handle.current = null;
    };
  }, []);
  const dark = isDark();
  useEffect(() => {
    if (holder.current) picture.current?.ink(inksOf(holder.current));
  }, [dark]);
  const canvas = current.value;
  const edges = drawnEdges.value;
  useEffect(() => picture.current?.draw(drawnNodes(), drawn()), [canvas.spots, canvas.offTypes, edges, cards.value, language.value, dark]);
  useEffect(() => picture.current?.select(canvas.selected), [canvas.selected]);
  useLayout(picture);
  const onKeyDown = (event: KeyboardEvent) => walk(event, picture.current, onOpen);
  const label = `${t("graph")}: ${canvas.spots.size} ${t("nodes")}, ${edges.length} ${t("edgesWord")}. ${t("canvasKeys")}`;
  return (
    <>
      <div class="canvas" ref={holder} role="application" tabIndex={0} aria-label={label} onKeyDown={onKeyDown} />
      <p class="hidden-text" role="status">
        {canvas.selected.map((id) => cards.value.get(id)?.label).join(", ")}
      </p>
    </>
  );
}

/** The arrow keys walk from node to node, with Shift they add to the selection; Enter opens. */
function walk(event: KeyboardEvent, picture: Picture | null, onOpen: Props["onOpen"]): void {
  const now = current.value;
  const last = now.selected.at(-1);
  if (event.key === "Enter" && last) onOpen(last);
  else if (isDirection(event.key)) {
    const shown = new Map([...now.spots].filter(([id]) => isShown(now, id)));
    const next = steer(shown, last, event.key);
    if (!next) return;
    adjust((canvas) => select(canvas, event.shiftKey ? [...canvas.selected, next] : [next]));
    picture?.reveal(next);
  } else return;
  event.preventDefault();
}

type Latest = { current: { onOpen: Props["onOpen"]; onExpand: Props["onExpand"] } };

function gestures(latest: Latest) {
  return {
    open: (id: string) => latest.current.onOpen(id),
    choose: (id: string, more: boolean) => adjust((now) => (more ? toggleSelected(now, id) : select(now, [id]))),
    nothing: () => adjust((now) => select(now, [])),
    expand: (id: string) => latest.current.onExpand(id),
    moved: (id: string, x: number, y: number) => act((now) => pin(move(now, new Map([[id, { x, y }]])), id, true)),
  };
}

function drawnNodes(): DrawnNode[] {
  const now = current.value;
  const color = once(typeColor);
  return [...now.spots].flatMap(([id, { x, y, pinned }]) => {
    const card = cards.value.get(id);
    if (!card || !isShown(now, id)) return [];
    return [{ id, x, y, pinned, label: card.label, color: color(card.type), size: sizeOf(card.degree) }];
  });
}

function drawn(): DrawnEdge[] {
  const [label, color] = [once(relationshipLabel), once(relationshipColor)];
  return drawnEdges.value
    .filter(({ source, target }) => cards.value.has(source) && cards.value.has(target))
    .map((edge) => ({ ...edge, label: label(edge.type), color: color(edge.type) }));
}

/** The last wish that was followed; wishes of a time when no canvas was there wait. */
let laidOut = 0;

/** Lays out again when asked to; the places become part of the step that asked. */
function useLayout(picture: { current: Picture | null }): void {
  const laying = useRef<Laying | null>(null);
  useEffect(() => {
    laying.current = new Laying();
    return () => laying.current?.end();
  }, []);
  const wanted = layoutRuns.value;
  const edges = drawnEdges.value;
  useEffect(() => {
    if (wanted === laidOut || !laying.current) return;
    laidOut = wanted;
    const now = current.value;
    const ids = [...now.spots.keys()].filter((id) => isShown(now, id) && cards.value.has(id));
    laying.current.start(layoutInput(now, ids, edges, (id) => cards.value.get(id)?.degree ?? null), (places, done) => {
      picture.current?.place(ids, places);
      if (done) adjust((after) => move(after, placed(ids, places)));
    });
  }, [wanted, edges]);
}

function placed(ids: readonly string[], places: Float32Array): Map<string, { x: number; y: number }> {
  return new Map(ids.map((id, at) => [id, { x: places[at * 2] ?? 0, y: places[at * 2 + 1] ?? 0 }]));
}
