/** Who lays the nodes out without holding up the page? The worker: places go in, better ones come out. */
import { advance, forces, placesOf, roundsFor, type Forces } from "./force";
import { still, type LayoutInput } from "./layouts";

/** `run` names the request: answers to an old one are of no use. */
export interface LayoutOrder {
  run: number;
  input: LayoutInput;
}

/** Asks for the places that a run has reached. */
export interface LayoutAsk {
  more: number;
}

export interface LayoutNews {
  run: number;
  places: Float32Array;
  done: boolean;
}

/** How long it works before it listens again, in milliseconds. */
const SLICE = 50;

let latest = 0;
/** Whether somebody waits for places: without that none are sent but the last. */
let asked = true;

addEventListener("message", ({ data }: MessageEvent<LayoutOrder | LayoutAsk>) => {
  if ("more" in data) return void (asked = true);
  const { run, input } = data;
  latest = run;
  asked = true;
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
  if (asked || left <= 0) tell(run, placesOf(all), left <= 0);
  asked = false;
  if (left > 0) setTimeout(() => go(run, all, left));
}

function tell(run: number, places: Float32Array, done: boolean): void {
  const news: LayoutNews = { run, places, done };
  (postMessage as (message: LayoutNews, transfer: Transferable[]) => void)(news, [places.buffer]);
}
