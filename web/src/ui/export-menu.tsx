/** In which form does a person take the graph along? Pictures, tables, and files for graph programs. */
import { edgesCsv, nodesCsv } from "../export/csv";
import { png, save, standalone } from "../export/file";
import { gexf } from "../export/gexf";
import { graphml } from "../export/graphml";
import type { OutGraph } from "../export/model";
import { svg } from "../export/svg";
import { sizeOf } from "../layout/input";
import { current, drawnEdges, notice, shownCards } from "../state/graph";
import { t } from "../text/words";
import { inksOf } from "./graph/labels";
import { Menu, MenuItem, relationshipColor, relationshipLabel, typeColor, typeLabel } from "./parts";

/** The canvas as files; while a map is shown, the pictures are of the map. */
export function ExportMenu() {
  return (
    <Menu icon="download" label={t("export")} bare quiet>
      {(close) =>
        FORMATS.map(([label, write]) => (
          <MenuItem key={label} label={label} onClick={() => (close(), void Promise.resolve(write()).catch((error: Error) => (notice.value = error.message)))} />
        ))
      }
    </Menu>
  );
}

const FORMATS: [string, () => void | Promise<void>][] = [
  ["PNG", async () => save("guitu.png", "image/png", await png(drawing()))],
  ["SVG", () => save("guitu.svg", "image/svg+xml", drawing())],
  ["CSV", () => (save("guitu-nodes.csv", "text/csv", nodesCsv(outGraph())), save("guitu-edges.csv", "text/csv", edgesCsv(outGraph())))],
  ["GEXF", () => save("guitu.gexf", "application/gexf+xml", gexf(outGraph()))],
  ["GraphML", () => save("guitu.graphml", "application/graphml+xml", graphml(outGraph()))],
];

function drawing(): string {
  const map = document.querySelector<SVGSVGElement>(".sheet-map > svg");
  if (map) return standalone(map);
  const stage = document.querySelector<HTMLElement>(".stage") ?? document.body;
  return svg(outGraph(), inksOf(stage));
}

function outGraph(): OutGraph {
  const nodes = shownCards.value.map((card) => ({
    id: card.id,
    label: card.label,
    type: card.type,
    typeLabel: typeLabel(card.type),
    color: typeColor(card.type),
    size: sizeOf(card.degree),
    x: current.value.spots.get(card.id)?.x ?? 0,
    y: current.value.spots.get(card.id)?.y ?? 0,
    point: card.point,
    times: card.times.map((time) => time.text).join(", "),
  }));
  const edges = drawnEdges.value.map((edge) => ({ ...edge, label: relationshipLabel(edge.type), color: relationshipColor(edge.type) }));
  return { nodes, edges };
}

/** A drawing of the map page as a picture. */
export function MapExport() {
  const map = () => document.querySelector<SVGSVGElement>(".sheet-map > svg");
  const take = (write: (text: string) => void | Promise<void>) => {
    const found = map();
    if (found) void write(standalone(found));
  };
  return (
    <Menu icon="download" label={t("export")} bare quiet left>
      {(close) => (
        <>
          <MenuItem label="PNG" onClick={() => (close(), take(async (text) => save("guitu-map.png", "image/png", await png(text))))} />
          <MenuItem label="SVG" onClick={() => (close(), take((text) => save("guitu-map.svg", "image/svg+xml", text)))} />
        </>
      )}
    </Menu>
  );
}
