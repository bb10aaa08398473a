/** How do the records of an answer hang together? A picture of them, laid out once. */
import { useEffect, useMemo, useRef } from "preact/hooks";
import { layoutInput, sizeOf } from "../../layout/input";
import { Laying } from "../../layout/laying";
import { add, EMPTY } from "../../model/canvas";
import type { Card } from "../../model/card";
import type { Edge } from "../../model/record";
import { isDark } from "../../state/app";
import { t } from "../../text/words";
import { inksOf } from "../graph/labels";
import { Picture } from "../graph/picture";
import { relationshipColor, relationshipLabel, typeColor } from "../parts";

export function AnswerGraph({ cards, edges, onOpen }: { cards: readonly Card[]; edges: readonly Edge[]; onOpen: (id: string) => void }) {
  const holder = useRef<HTMLDivElement>(null);
  const picture = useRef<Picture | null>(null);
  const open = useRef(onOpen);
  open.current = onOpen;
  const ids = useMemo(() => cards.map((card) => card.id), [cards]);
  useEffect(() => {
    const element = holder.current;
    if (!element) return;
    const nothing = () => undefined;
    const made = new Picture(element, { open: (id) => open.current(id), choose: nothing, nothing, expand: nothing, moved: nothing }, inksOf(element));
    picture.current = made;
    const watch = new ResizeObserver(() => made.resize());
    watch.observe(element);
    return () => (watch.disconnect(), made.end());
  }, []);
  useEffect(() => {
    if (holder.current) picture.current?.ink(inksOf(holder.current));
  }, [isDark()]);
  useEffect(() => {
    const canvas = add(EMPTY, ids);
    const nodes = cards.map((card) => ({ id: card.id, label: card.label, color: typeColor(card.type), size: sizeOf(card.degree), ...(canvas.spots.get(card.id) ?? { x: 0, y: 0, pinned: false }) }));
    const drawn = edges.map((edge) => ({ ...edge, label: relationshipLabel(edge.type), color: relationshipColor(edge.type) }));
    picture.current?.draw(nodes, drawn);
    const laying = new Laying();
    const sizes = new Map(cards.map((card) => [card.id, card.degree]));
    laying.start(layoutInput(canvas, ids, edges, (id) => sizes.get(id) ?? null), (places) => picture.current?.place(ids, places));
    return () => laying.end();
  }, [cards, edges]);
  return <div class="canvas" ref={holder} role="img" aria-label={`${t("graph")}: ${cards.length} ${t("nodes")}, ${edges.length} ${t("edgesWord")}`} />;
}
