/** Which node lies that way? The arrow keys walk over the canvas. Pure. */

export type Direction = "ArrowUp" | "ArrowDown" | "ArrowLeft" | "ArrowRight";

const WAYS: Record<Direction, [number, number]> = { ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

export const isDirection = (key: string): key is Direction => key in WAYS;

/** The nearest node in a direction: what lies aside counts twice as far. Without a start, the first. */
export function steer(spots: ReadonlyMap<string, { x: number; y: number }>, from: string | undefined, key: Direction): string | undefined {
  const start = from === undefined ? undefined : spots.get(from);
  if (!start) return spots.keys().next().value;
  const [dx, dy] = WAYS[key];
  let best: string | undefined;
  let least = Infinity;
  for (const [id, { x, y }] of spots) {
    const along = (x - start.x) * dx + (y - start.y) * dy;
    const aside = Math.abs((x - start.x) * dy) + Math.abs((y - start.y) * dx);
    if (id === from || along <= 0 || aside > along * 2) continue;
    if (along + 2 * aside < least) [best, least] = [id, along + 2 * aside];
  }
  return best;
}
