/** What was when? Records with dates or periods on one axis, the earliest first. */
import { useMemo } from "preact/hooks";
import type { Card } from "../../model/card";
import { fieldLabel, type Ontology } from "../../model/ontology";
import { extent, startOfYear, yearTicks, type Span } from "../../model/time";
import { language } from "../../state/app";
import { world } from "../../state/world";
import { t } from "../../text/words";
import { typeColor, TypeDot } from "../parts";
import "../../styles/timeline.css";

interface Line {
  key: string;
  card: Card;
  field: string;
  text: string;
  span: Span;
}

export function Timeline({ cards, onOpen }: { cards: readonly Card[]; onOpen: (id: string) => void }) {
  const lines = useMemo(() => linesOf(cards), [cards]);
  if (lines.length === 0) return <p class="notice">{t("noTimes")}</p>;
  const range = extent(lines.map((line) => line.span));
  const at = (moment: number) => `${(100 * (Math.min(range[1], Math.max(range[0], moment)) - range[0])) / (range[1] - range[0])}%`;
  return (
    <div class="timeline" role="region" aria-label={t("timeline")} tabIndex={0}>
      <div class="axis" aria-hidden="true">
        <span />
        <div class="track">
          {yearTicks(range, 12).map((year) => (
            <span key={year} class="tick" style={{ left: at(startOfYear(year)) }}>
              {year}
            </span>
          ))}
        </div>
      </div>
      <ol>
        {lines.map((line) => (
          <li key={line.key}>
            <button type="button" class="link" onClick={() => onOpen(line.card.id)}>
              <TypeDot type={line.card.type} />
              <span class="name">{line.card.label}</span>
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

function Bar({ line, at }: { line: Line; at: (moment: number) => string }) {
  const { from, to } = line.span;
  const open = `${from === -Infinity ? " no-start" : ""}${to === Infinity ? " no-end" : ""}`;
  const said = `${labelOf(world.value?.ontology, line)} ${line.text}`;
  return (
    <span class={`span${open}`} style={{ left: at(from), width: `calc(${at(to)} - ${at(from)})`, "--dot": typeColor(line.card.type) }} title={said}>
      <span class="told">{said}</span>
    </span>
  );
}

function labelOf(ontology: Ontology | undefined, line: Line): string {
  const info = ontology?.types.get(line.card.type)?.fields.find((one) => one.name === line.field);
  return info ? fieldLabel(info, language.value) : line.field;
}

/** One line per date or period, by where it begins; what has no beginning stands where it ends. */
function linesOf(cards: readonly Card[]): Line[] {
  const lines = cards.flatMap((card) => card.times.map(({ field, text, span }) => ({ key: `${card.id} ${field}`, card, field, text, span })));
  const start = ({ span }: Line) => (span.from === -Infinity ? span.to : span.from);
  return lines.sort((a, b) => start(a) - start(b) || a.span.to - b.span.to || a.key.localeCompare(b.key));
}
