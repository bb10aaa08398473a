/**
 * How do the places that the worker finds come to the page? When the page asks: the next ones only after
 * the last were drawn, so that a layout never sends more than is shown.
 */
import type { LayoutInput } from "./layouts";
import type { LayoutNews } from "./worker";
import LayoutWorker from "./worker?worker";

/** Where the nodes are now, in the order of the input, and whether they stay there. */
export type Placed = (places: Float32Array, done: boolean) => void;

/** From how many nodes on there is a pause between pictures of the layout, and how long, in milliseconds. */
const MANY = 1_500;
const PAUSE = 250;

export class Laying {
  private readonly worker = new LayoutWorker();
  private run = 0;

  /** Begins anew; a layout that is at work ends. */
  start(input: LayoutInput, placed: Placed): void {
    const run = ++this.run;
    const pause = input.types.length > MANY ? PAUSE : 0;
    this.worker.onmessage = ({ data }: MessageEvent<LayoutNews>) => {
      if (data.run !== this.run) return;
      placed(data.places, data.done);
      if (!data.done) requestAnimationFrame(() => setTimeout(() => this.worker.postMessage({ more: run }), pause));
    };
    this.worker.postMessage({ run, input });
  }

  end(): void {
    this.worker.terminate();
  }
}
