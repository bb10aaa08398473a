/** Where is land? Natural Earth's, read once when a map is first shown. */
import { signal } from "@preact/signals";
import type { MultiPolygon } from "geojson";
import { feature } from "topojson-client";
import type { GeometryObject, Topology } from "topojson-specification";
import url from "virtual:land";
import { ownFile } from "../net/client";

export const land = signal<MultiPolygon | null>(null);

let asked = false;

export function needLand(): void {
  if (asked) return;
  asked = true;
  ownFile<Topology>(url)
    .then((topology) => (land.value = shape(topology)))
    .catch(() => (asked = false));
}

/** The file holds one collection of one shape. */
function shape(topology: Topology): MultiPolygon | null {
  const found = feature(topology, topology.objects.land as GeometryObject);
  const geometry = found.type === "FeatureCollection" ? found.features[0]?.geometry : found.geometry;
  return geometry?.type === "MultiPolygon" ? geometry : null;
}
