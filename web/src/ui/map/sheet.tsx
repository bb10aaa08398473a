/** What lies where? The sheet: land, arcs and places; wheel and drag move it, places and arcs open. */
import { geoPath, type GeoProjection } from "d3-geo";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { bentLine, middleOf, named, projectionFor, shiftTo, type Placed, type Point, type Shift } from "../../layout/map";
import type { Arc, Card } from "../../model/card";
import type { MapAt } from "../../model/place";
import { look, relook } from "../../state/app";
import { land, needLand } from "../../state/land";
import { t } from "../../text/words";
import { Button, relationshipColor, relationshipLabel, typeColor } from "../parts";
import { START, useSize, useView } from "./view";

export interface SheetProps {
  cards: readonly Card[];
  arcs: readonly Arc[];
  open: string | null;
  onOpen: (id: string) => void;
  width?: (arc: Arc) => number;
  dashes?: (arc: Arc) => string;
}

export function Sheet({ cards, arcs, open, onOpen, width, dashes }: SheetProps) {
  const holder = useRef<HTMLDivElement>(null);
  const size = useSize(holder);
  const { shift: view, byHand, set, zoom } = useView(holder);
  const [hot, setHot] = useState<string | null>(null);
  useEffect(needLand, []);
  const ends = new Set(arcs.flatMap(({ source, target }) => [source, target]));
  const focus = (ends.size ? arcs.flatMap(({ from, to }) => [from, to]) : cards).flatMap((card) => card.point ?? []);
  const points = useMemo(() => pairsOf(focus), [cards, arcs]);
  const projection = useMemo(() => projectionFor(points, size.width, size.height), [points, size.width, size.height]);
  const ground = useMemo(() => (land.value ? (geoPath(projection)(land.value) ?? "") : ""), [projection, land.value]);
  useMiddle(projection, size, view, byHand, set);
  const at = (card: Card): Point | null => {
    const flat = card.point && projection(card.point);
    return flat ? [flat[0] * view.k + view.x, flat[1] * view.k + view.y] : null;
  };
  const placed = sorted(cards, ends).flatMap((card) => {
    const spot = at(card);
    return spot ? [{ card, at: spot }] : [];
  });
  const seen = placed.filter(({ at: [x, y] }) => x > -20 && y > -20 && x < size.width + 20 && y < size.height + 20);
  const names = named(seen, 90);
  return (
    <div class="sheet-map" ref={holder}>
      <svg width={size.width} height={size.height} role="group" aria-label={t("map")}>
        <defs>
          <marker id="tip" viewBox="0 0 10 10" refX="14.5" refY="5" markerWidth="15" markerHeight="15" markerUnits="userSpaceOnUse" orient="auto">
            <path d="M1 1.5L9 5L1 8.5z" fill="context-stroke" />
          </marker>
        </defs>
        <path class="land" d={ground} transform={`translate(${view.x} ${view.y}) scale(${view.k})`} />
        <g>{drawArcs(arcs, at, { open, hot, setHot, onOpen, width, dashes })}</g>
        <g>
          {seen.map((one) => (
            <Mark key={one.card.id} one={one} named={names.has(one.card.id) || one.card.id === open || one.card.id === hot} end={ends.has(one.card.id)} open={one.card.id === open} onHot={setHot} onOpen={onOpen} />
          ))}
        </g>
      </svg>
      <div class="map-zoom">
        <Button icon="zoom-in" quiet label={t("zoomIn")} onClick={() => zoom(1.5)} />
        <Button icon="zoom-out" quiet label={t("zoomOut")} onClick={() => zoom(1 / 1.5)} />
        <Button icon="maximize" quiet label={t("fit")} onClick={() => relook({ at: null })} />
      </div>
    </div>
  );
}

/** The middle of the map goes into the address when a person has moved it, and comes from there. */
function useMiddle(projection: GeoProjection, { width, height }: { width: number; height: number }, shift: Shift, byHand: { current: boolean }, set: (shift: Shift) => void): void {
  const { at } = look.value;
  const own = useRef<{ at: MapAt | null; projection: GeoProjection } | null>(null);
  useEffect(() => {
    if (own.current?.at === at && own.current.projection === projection) return;
    own.current = { at, projection };
    set(at ? shiftTo(projection, at, width, height) : START);
  }, [at, projection]);
  useEffect(() => {
    if (!byHand.current) return;
    const timer = setTimeout(() => {
      byHand.current = false;
      const middle = middleOf(projection, shift, width, height);
      own.current = { at: middle, projection };
      relook({ at: middle });
    }, 200);
    return () => clearTimeout(timer);
  }, [shift]);
}

function pairsOf(flat: readonly number[]): Point[] {
  return Array.from({ length: flat.length / 2 }, (_, at) => [flat[at * 2] ?? 0, flat[at * 2 + 1] ?? 0]);
}

/** Ends of arcs first, so that they get their names. */
function sorted(cards: readonly Card[], ends: ReadonlySet<string>): Card[] {
  return cards.toSorted((a, b) => Number(ends.has(b.id)) - Number(ends.has(a.id)) || (b.degree ?? 0) - (a.degree ?? 0));
}

interface ArcLook {
  open: string | null;
  hot: string | null;
  setHot: (id: string | null) => void;
  onOpen: (id: string) => void;
  width: SheetProps["width"];
  dashes: SheetProps["dashes"];
}

function drawArcs(arcs: readonly Arc[], at: (card: Card) => Point | null, look: ArcLook) {
  const between = new Map<string, number>();
  return arcs.map((arc) => {
    const [from, to] = [at(arc.from), at(arc.to)];
    const pair = `${arc.source} ${arc.target}`;
    const nth = between.get(pair) ?? 0;
    between.set(pair, nth + 1);
    if (!from || !to || arc.source === arc.target) return null;
    return <ArcLine key={arc.id} arc={arc} line={bentLine(from, to, nth)} look={look} />;
  });
}

function ArcLine({ arc, line, look }: { arc: Arc; line: string; look: ArcLook }) {
  const { open, hot, setHot, onOpen } = look;
  const near = [arc.id, arc.source, arc.target];
  const focus = hot ?? open;
  const lit = focus !== null && near.includes(focus);
  const said = `${arc.from.label} → ${arc.to.label} · ${relationshipLabel(arc.type)}`;
  return (
    <g class={`arc${lit ? " lit" : focus && near.length && hot ? " dim" : ""}`}>
      <path class="line" d={line} stroke={relationshipColor(arc.type) ?? "var(--accent)"} stroke-width={look.width?.(arc) ?? 2} stroke-dasharray={look.dashes?.(arc) ?? ""} marker-end="url(#tip)" />
      <path
        class="reach"
        d={line}
        role="button"
        tabIndex={0}
        aria-label={said}
        onPointerEnter={() => setHot(arc.id)}
        onPointerLeave={() => setHot(null)}
        onFocus={() => setHot(arc.id)}
        onBlur={() => setHot(null)}
        onClick={() => onOpen(arc.id)}
        onKeyDown={(event) => event.key === "Enter" && onOpen(arc.id)}
      >
        <title>{said}</title>
      </path>
    </g>
  );
}

interface MarkProps {
  one: Placed;
  named: boolean;
  end: boolean;
  open: boolean;
  onHot: (id: string | null) => void;
  onOpen: (id: string) => void;
}

function Mark({ one, named, end, open, onHot, onOpen }: MarkProps) {
  const { card, at } = one;
  const radius = end ? 5.5 : 3.8;
  return (
    <g
      class={`mark${open ? " open" : ""}${end ? " end" : ""}`}
      role="button"
      tabIndex={0}
      aria-label={card.label}
      transform={`translate(${at[0]} ${at[1]})`}
      onPointerEnter={() => onHot(card.id)}
      onPointerLeave={() => onHot(null)}
      onFocus={() => onHot(card.id)}
      onBlur={() => onHot(null)}
      onClick={() => onOpen(card.id)}
      onKeyDown={(event) => event.key === "Enter" && onOpen(card.id)}
    >
      <circle r={radius + 6} class="reach" />
      <circle r={radius} fill={typeColor(card.type)} />
      {named && <text y={radius + 13}>{card.label}</text>}
    </g>
  );
}
