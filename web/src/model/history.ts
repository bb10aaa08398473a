/** What came before, what is, what was undone? Undo and redo over any immutable state. Pure. */

export interface History<T> {
  past: readonly T[];
  present: T;
  future: readonly T[];
}

/** How many steps are kept, if nothing else is said. */
export const KEPT = 200;

export const begin = <T>(present: T): History<T> => ({ past: [], present, future: [] });

/** A step that can be undone. */
export function step<T>({ past, present }: History<T>, next: T, kept = KEPT): History<T> {
  return { past: [...past, present].slice(-kept), present: next, future: [] };
}

/** A change that is part of the last step: where a layout put the nodes. */
export function amend<T>(history: History<T>, next: T): History<T> {
  return { ...history, present: next };
}

export function undo<T>({ past, present, future }: History<T>): History<T> {
  const last = past.at(-1);
  return last === undefined ? { past, present, future } : { past: past.slice(0, -1), present: last, future: [present, ...future] };
}

export function redo<T>({ past, present, future }: History<T>): History<T> {
  const [next, ...rest] = future;
  return next === undefined ? { past, present, future } : { past: [...past, present], present: next, future: rest };
}
