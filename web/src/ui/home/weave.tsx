/** How do the types hang together, at one glance? A picture of types and interfaces and their threads. */
import { useMemo } from "preact/hooks";
import { HEIGHT, knots, threads, WIDTH } from "../../layout/weave";
import type { Ontology } from "../../model/ontology";
import { t } from "../../text/words";
import { typeColor, typeLabel } from "../parts";

interface Props {
  ontology: Ontology;
  chosen: string | null;
  onChoose: (type: string) => void;
}

export function Weave({ ontology, chosen, onChoose }: Props) {
  const joined = useMemo(() => threads(ontology), [ontology]);
  const placed = useMemo(() => knots(ontology, joined), [ontology]);
  const at = new Map(placed.map((knot) => [knot.type, knot]));
  const own = new Set(chosen ? [chosen, ...(ontology.types.get(chosen)?.interfaces ?? [])] : []);
  const near = new Set(joined.filter(({ from, to }) => own.has(from) || own.has(to)).flatMap(({ from, to }) => [from, to]));
  const dim = near.size > 0;
  return (
    <svg class={`weave${dim ? " dim" : ""}`} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={t("howRelated")}>
      {joined.map(({ from, to, weight }) => {
        const [a, b] = [at.get(from), at.get(to)];
        if (!a || !b || a === b) return null;
        const lit = own.has(from) || own.has(to);
        return <line key={`${from} ${to}`} class={lit ? "lit" : ""} x1={a.x} y1={a.y} x2={b.x} y2={b.y} stroke-width={0.8 + Math.log2(1 + weight) / 2.2} />;
      })}
      {placed.map((knot) => (
        <g key={knot.type} class={near.has(knot.type) || own.has(knot.type) ? "lit" : ""} onClick={() => onChoose(knot.type)} onPointerEnter={() => onChoose(knot.type)}>
          <circle cx={knot.x} cy={knot.y} r={knot.radius} fill={typeColor(knot.type)} class={ontology.types.get(knot.type)?.interface ? "ring" : ""} stroke={typeColor(knot.type)} />
          <text x={knot.x} y={knot.y + knot.radius + 13}>
            {typeLabel(knot.type)}
          </text>
        </g>
      ))}
    </svg>
  );
}
