/** How far has each relationship of a node been brought to the canvas? Pages read so far, by node and field. */
import { signal } from "@preact/signals";
import { expand, notice } from "./graph";

/** A page of neighbours: enough to see, few enough to read. */
export const PAGE = 25;

interface Reached {
  read: number;
  next: string | null;
}

export const reached = signal<ReadonlyMap<string, Reached>>(new Map());
export const busy = signal<string | null>(null);

const name = (id: string, link: string): string => `${id} ${link}`;

export const reachedOf = (id: string, link: string): Reached | undefined => reached.value.get(name(id, link));

/** Brings the next page of neighbours by one relationship; from the start when all were there. */
export async function grow(id: string, link: string): Promise<void> {
  const before = reachedOf(id, link);
  const after = before?.next ?? null;
  busy.value = name(id, link);
  try {
    const page = await expand(id, link, PAGE, after);
    if (!page) return;
    const read = (after ? (before?.read ?? 0) : 0) + page.neighbours.length;
    reached.value = new Map(reached.value).set(name(id, link), { read, next: page.next });
  } catch (error) {
    notice.value = error instanceof Error ? error.message : String(error);
  } finally {
    busy.value = null;
  }
}
