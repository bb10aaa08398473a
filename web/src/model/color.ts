/** How do an ontology's colours look on the page? Lighter by night, softer where they are many. Pure. */

type Rgb = [number, number, number];

/** `#rgb` or `#rrggbb`; null for colours written otherwise. */
export function rgb(color: string): Rgb | null {
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(color);
  const hex = short ? short.slice(1).map((one) => one + one).join("") : /^#([0-9a-f]{6})$/i.exec(color)?.[1];
  return hex ? [parseInt(hex.slice(0, 2), 16), parseInt(hex.slice(2, 4), 16), parseInt(hex.slice(4, 6), 16)] : null;
}

const hex = (parts: Rgb): string => `#${parts.map((one) => Math.round(one).toString(16).padStart(2, "0")).join("")}`;

/** Between two colours: 0 is the first, 1 the second. */
export function mix(one: string, other: string, share: number): string {
  const [a, b] = [rgb(one), rgb(other)];
  return a && b ? hex([0, 1, 2].map((at) => (a[at] ?? 0) * (1 - share) + (b[at] ?? 0) * share) as Rgb) : one;
}

/** On dark ground, dark colours come nearer to white, so that all are seen. */
export function onDark(color: string): string {
  const parts = rgb(color);
  if (!parts) return color;
  const [r, g, b] = parts;
  const light = (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
  return mix(color, "#ffffff", Math.max(0, 0.5 - light) * 0.9);
}
