/**
 * Where do types stand in the picture of how they hang together? Types that are joined attract each
 * other, all push each other away; the same ontology always gives the same picture. Pure.
 */
import type { Ontology } from "../model/ontology";

export interface Knot {
  type: string;
  x: number;
  y: number;
  radius: number;
}

export interface Thread {
  from: string;
  to: string;
  weight: number;
}

export const WIDTH = 720;
export const HEIGHT = 480;

/** Relationships between the same two types as one thread; what has no edges is left out. */
export function threads(ontology: Ontology): Thread[] {
  const all = new Map<string, Thread>();
  for (const { from, to, count } of ontology.served.relationships) {
    if (count === 0 || from === "Node" || to === "Node") continue;
    const [a, b] = from < to ? [from, to] : [to, from];
    const thread = all.get(`${a} ${b}`) ?? { from: a, to: b, weight: 0 };
    all.set(`${a} ${b}`, { ...thread, weight: thread.weight + count });
  }
  return [...all.values()];
}

/** Types and interfaces that threads join, placed. */
export function knots(ontology: Ontology, joined: Thread[]): Knot[] {
  const names = [...new Set(joined.flatMap(({ from, to }) => [from, to]))];
  const most = Math.max(1, ...names.map((name) => ontology.types.get(name)?.count ?? 0));
  const start = names.map((type, index) => {
    const count = ontology.types.get(type)?.count ?? 0;
    const radius = 6 + 16 * Math.sqrt(count / most);
    const angle = index * 2.399963;
    return { type, radius, x: WIDTH / 2 + 20 * Math.sqrt(index) * Math.cos(angle), y: HEIGHT / 2 + 20 * Math.sqrt(index) * Math.sin(angle) };
  });
  return settle(start, joined);
}

const ROUNDS = 500;

function settle(knots: Knot[], joined: Thread[]): Knot[] {
  const at = new Map(knots.map((knot, index) => [knot.type, index]));
  const ends = joined.map(({ from, to }) => [at.get(from) ?? 0, at.get(to) ?? 0] as const).filter(([a, b]) => a !== b);
  for (let round = 0; round < ROUNDS; round++) {
    const heat = 24 * (1 - round / ROUNDS);
    const pull = forces(knots, ends);
    knots = knots.map((knot, index) => moved(knot, pull[index] ?? [0, 0], heat));
  }
  return fitted(knots);
}

type Force = [number, number];

function forces(knots: Knot[], ends: (readonly [number, number])[]): Force[] {
  const sum = knots.map((knot): Force => [(WIDTH / 2 - knot.x) * 0.06, (HEIGHT / 2 - knot.y) * 0.06]);
  const push = (a: number, b: number, strength: (distance: number) => number) => {
    const [one, other] = [knots[a] as Knot, knots[b] as Knot];
    const dx = other.x - one.x;
    const dy = other.y - one.y;
    const distance = Math.max(1, Math.hypot(dx, dy));
    const size = strength(distance) / distance;
    add(sum, a, -dx * size, -dy * size);
    add(sum, b, dx * size, dy * size);
  };
  for (let a = 0; a < knots.length; a++) for (let b = a + 1; b < knots.length; b++) push(a, b, (distance) => 3000 / distance);
  for (const [a, b] of ends) push(a, b, (distance) => -(distance * distance) / 3600);
  return sum;
}

function add(sum: Force[], index: number, x: number, y: number): void {
  const force = sum[index];
  if (force) [force[0], force[1]] = [force[0] + x, force[1] + y];
}

function moved(knot: Knot, [x, y]: Force, heat: number): Knot {
  const size = Math.max(1, Math.hypot(x, y));
  const step = Math.min(heat, size * 0.25) / size;
  return { ...knot, x: knot.x + x * step, y: knot.y + y * step };
}

const MARGIN = 46;

/** Stretched to fill the picture. */
function fitted(knots: Knot[]): Knot[] {
  const scale = (values: number[], size: number) => {
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return (value: number) => MARGIN + ((value - low) / Math.max(1, high - low)) * (size - 2 * MARGIN);
  };
  const across = scale(knots.map((knot) => knot.x), WIDTH);
  const down = scale(knots.map((knot) => knot.y), HEIGHT - 10);
  return knots.map((knot) => ({ ...knot, x: across(knot.x), y: down(knot.y) }));
}
