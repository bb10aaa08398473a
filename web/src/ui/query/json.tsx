/** How does JSON read well? Indented, with the kinds of values in their colours. */
import { useMemo } from "preact/hooks";

/** Longer answers are written plainly: colours would cost more than they give. */
const COLOURED = 120_000;

export function Json({ value }: { value: unknown }) {
  const text = useMemo(() => JSON.stringify(value, null, 2), [value]);
  const pieces = useMemo(() => (text.length > COLOURED ? [text] : text.split(/("(?:[^"\\]|\\.)*"(?:\s*:)?|-?\d[\d.eE+-]*|\btrue\b|\bfalse\b|\bnull\b)/)), [text]);
  return (
    <pre class="json" tabIndex={0}>
      {pieces.map((piece, index) => (index % 2 ? <span key={index} class={kindOf(piece)}>{piece}</span> : piece))}
    </pre>
  );
}

function kindOf(piece: string): string {
  if (piece.endsWith(":")) return "key";
  return piece.startsWith('"') ? "text" : "value";
}
