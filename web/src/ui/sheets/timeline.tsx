/** What was when? Records and edges with dates or periods on one axis, the earliest first. */
import { useMemo } from "preact/hooks";
import type { Card } from "../../model/card";
import { fieldLabel, type FieldInfo } from "../../model/ontology";
import type { Edge } from "../../model/record";
import { extent, startOfYear, yearTicks, type Span, type Time } from "../../model/time";
import { isDark, language, look, relook } from "../../state/app";
import { world } from "../../state/world";
import { valueText } from "../../text/values";
import { t } from "../../text/words";
import { Button, relationshipColor, relationshipLabel, typeColor, TypeDot } from "../parts";
import "../../styles/timeline.css";

interface Line {
  key: string;
  /** The record that a click opens. */
  open: string;
  name: string;
  /** The type of the record; null for an edge. */
  type: string | null;
  color: string;
  said: string;
  span: Span;
}

interface Props {
  cards: readonly Card[];
  edges: readonly Edge[];
  onOpen: (id: string) => void;
}

export function Timeline({ cards, edges, onOpen }: Props) {
  const lines = useMemo(() => linesOf(cards, edges), [cards, edges, language.value, isDark()]);
  if (lines.length === 0) return <p class="notice">{t("noTimes")}</p>;
  const whole = extent(lines.map((line) => line.span));
  const { years } = look.value;
  const range: [number, number] = years ? [startOfYear(years[0]), startOfYear(years[1] + 1)] : whole;
  const at = (moment: number) => `${(100 * (Math.min(range[1], Math.max(range[0], moment)) - range[0])) / (range[1] - range[0])}%`;
  const shown = lines.filter(({ span }) => span.from < range[1] && span.to >= range[0]);
  return (
    <div class="timeline" role="region" aria-label={t("timeline")} tabIndex={0}>
      <div class="axis">
        <Years range={range} chosen={years !== null} />
        <div class="track" aria-hidden="true">
          {yearTicks(range, innerWidth < 760 ? 3 : 12).map((year) => (
            <span key={year} class="tick" style={{ left: at(startOfYear(year)) }}>
              {year}
            </span>
          ))}
        </div>
      </div>
      <ol>
        {shown.map((line) => (
          <li key={line.key}>
            <button type="button" class="link" onClick={() => onOpen(line.open)}>
              {line.type ? <TypeDot type={line.type} /> : <i class="stroke" style={{ background: line.color }} />}
              <span class="name" title={line.name}>{line.name}</span>
            </button>
            <div class="track">
              <Bar line={line} at={at} />
            </div>
          </li>
        ))}
      </ol>
    </div>
  );
}

/** From which year to which; the last one included. */
function Years({ range, chosen }: { range: [number, number]; chosen: boolean }) {
  const from = new Date(range[0]).getUTCFullYear();
  const to = new Date(range[1]).getUTCFullYear() - 1;
  const field = (label: string, value: number, change: (year: number) => [number, number]) => (
    <input
      class="field"
      type="number"
      aria-label={label}
      key={`${label} ${value}`}
      defaultValue={String(value)}
      onChange={(event) => {
        const next = change(Number(event.currentTarget.value));
        relook({ years: next[0] <= next[1] ? next : null });
      }}
    />
  );
  return (
    <span class="years">
      {field(t("from"), from, (year) => [year, to])} – {field(t("to"), to, (year) => [from, year])}
      {chosen && <Button bare quiet icon="maximize" label={t("fit")} onClick={() => relook({ years: null })} />}
    </span>
  );
}

function Bar({ line, at }: { line: Line; at: (moment: number) => string }) {
  const { from, to } = line.span;
  const open = `${from === -Infinity ? " no-start" : ""}${to === Infinity ? " no-end" : ""}`;
  return (
    <span class={`span${open}`} style={{ left: at(from), width: `calc(${at(to)} - ${at(from)})`, "--dot": line.color }} title={line.said}>
      <span class="told">{line.said}</span>
    </span>
  );
}

/** One line per date or period, by where it begins; what has no beginning stands where it ends. */
function linesOf(cards: readonly Card[], edges: readonly Edge[]): Line[] {
  const ontology = world.value?.ontology;
  const said = (infos: readonly FieldInfo[] | undefined, { field, text }: Time) => {
    const info = infos?.find((one) => one.name === field);
    return info ? `${fieldLabel(info, language.value)} ${valueText(info, text, language.value)}` : text;
  };
  const of = (id: string, open: string, name: string, type: string | null, color: string, times: readonly Time[], infos: readonly FieldInfo[] | undefined) =>
    times.map((time): Line => ({ key: `${id} ${time.field}`, open, name, type, color, said: said(infos, time), span: time.span }));
  const labels = new Map(cards.map((card) => [card.id, card.label]));
  const lines = [
    ...cards.flatMap((card) => of(card.id, card.id, card.label, card.type, typeColor(card.type), card.times, ontology?.types.get(card.type)?.fields)),
    ...edges.flatMap((edge) => {
      const name = `${labels.get(edge.source) ?? edge.source} → ${labels.get(edge.target) ?? edge.target} · ${relationshipLabel(edge.type)}`;
      return of(edge.id, edge.target, name, null, relationshipColor(edge.type) ?? "var(--faint)", edge.times ?? [], ontology?.relationships.get(edge.type)?.properties);
    }),
  ];
  const start = ({ span }: Line) => (span.from === -Infinity ? span.to : span.from);
  return lines.sort((a, b) => start(a) - start(b) || a.span.to - b.span.to || a.key.localeCompare(b.key));
}
