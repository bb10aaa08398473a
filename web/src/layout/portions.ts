/**
 * How does a long piece of work leave room for a person? In portions, each a task of its own: what was
 * typed or pointed at in between is heard before the next. Pure but for the timer.
 */

/** How many nodes or edges are worked on at once. */
export const PORTION = 1_000;

/** Works up to each `yield` of the work, the first time at once; the answer stops it for good. */
export function inPortions(work: Iterator<void>, told: () => void = () => undefined): () => void {
  let stopped = false;
  const go = () => {
    if (stopped) return;
    told();
    if (!work.next().done) setTimeout(go);
  };
  go();
  return () => void (stopped = true);
}
