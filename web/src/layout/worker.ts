/** Who lays the nodes out without holding up the page? The worker: places go in, better ones come out. */
import { advance, forces, placesOf, roundsFor, type Forces } from "./force";
import { still, type LayoutInput } from "./layouts";

/** `run` names the request: answers to an old one are of no use. */
export interface LayoutOrder {
  run: number;
  input: LayoutInput;
}

export interface LayoutNews {
  run: number;
  places: Float32Array;
  done: boolean;
}

/** About one picture per frame of a slow film. */
const SLICE = 50;

let latest = 0;

addEventListener("message", (event: MessageEvent<LayoutOrder>) => {
  const { run, input } = event.data;
  latest = run;
  if (input.layout !== "force") return tell(run, still(input), true);
  go(run, forces(input), roundsFor(input.types.length));
});

function go(run: number, all: Forces, left: number): void {
  if (run !== latest) return;
  const until = performance.now() + SLICE;
  while (left > 0 && performance.now() < until) {
    advance(all, 5);
    left -= 5;
  }
  tell(run, placesOf(all), left <= 0);
  if (left > 0) setTimeout(() => go(run, all, left));
}

function tell(run: number, places: Float32Array, done: boolean): void {
  const news: LayoutNews = { run, places, done };
  (postMessage as (message: LayoutNews, transfer: Transferable[]) => void)(news, [places.buffer]);
}
