/**
 * What does the map's ground look like? Natural Earth's land from `world-atlas`, simplified for the
 * scale of the page: `virtual:land` is the address of the file. Physical only: it has no boundaries.
 */
import { readFileSync } from "node:fs";
import { quantize } from "topojson-client";
import { filter, filterWeight, presimplify, simplify, sphericalRingArea, sphericalTriangleArea } from "topojson-simplify";
import type { Topology } from "topojson-specification";
import type { Plugin } from "vite";

const NAME = "virtual:land";
const SOURCE = new URL("./node_modules/world-atlas/land-50m.json", import.meta.url);

/** The smallest bend and the smallest island that are kept, in steradians. */
const BEND = 7.5e-6;
const ISLAND = 5 * BEND;
const STEPS = 8_000;

export function land(): Plugin {
  let serving = false;
  return {
    name: "land",
    configResolved: (config) => void (serving = config.command === "serve"),
    resolveId: (id) => (id === NAME ? `\0${NAME}` : null),
    load(id) {
      if (id !== `\0${NAME}`) return null;
      if (serving) return `export default "data:application/json,${encodeURIComponent(drawn())}"`;
      const file = this.emitFile({ type: "asset", name: "land.json", source: drawn() });
      return `export default import.meta.ROLLUP_FILE_URL_${file}`;
    },
  };
}

function drawn(): string {
  const source = JSON.parse(readFileSync(SOURCE, "utf8")) as Topology;
  const weighed = presimplify(source as never, sphericalTriangleArea);
  const coarse = simplify(weighed, BEND);
  const large = filter(coarse, filterWeight(coarse, ISLAND, sphericalRingArea)) as Topology;
  const { bbox: _, ...rest } = large;
  return JSON.stringify(quantize(rest as never, STEPS));
}
