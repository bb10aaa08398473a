/** Where are these records, and which edges join them? A map of what a canvas or an answer holds. */
import { useMemo } from "preact/hooks";
import type { Arc, Card } from "../../model/card";
import type { Edge } from "../../model/record";
import { t } from "../../text/words";
import { Sheet } from "./sheet";
import "../../styles/map.css";

/** The records with a place, and the edges among them as arcs. */
export function CardsMap({ cards, edges, open, onOpen }: { cards: readonly Card[]; edges: readonly Edge[]; open: string | null; onOpen: (id: string) => void }) {
  const placed = useMemo(() => cards.filter((card) => card.point), [cards]);
  const arcs = useMemo(() => arcsAmong(placed, edges), [placed, edges]);
  if (placed.length === 0) return <p class="notice">{t("noPlaces")}</p>;
  const openEnd = (id: string) => onOpen(arcs.find((arc) => arc.id === id)?.target ?? id);
  return (
    <div class="map-stage">
      <Sheet cards={placed} arcs={arcs} open={open} onOpen={openEnd} />
    </div>
  );
}

function arcsAmong(placed: readonly Card[], edges: readonly Edge[]): Arc[] {
  const at = new Map(placed.map((card) => [card.id, card]));
  return edges.flatMap((edge) => {
    const [from, to] = [at.get(edge.source), at.get(edge.target)];
    return from && to ? [{ ...edge, from, to, facts: [], references: [] }] : [];
  });
}
