/** What is where in this graph? All records with a location, and one relationship between them as arcs. */
import { useMemo, useState } from "preact/hooks";
import { dash, dashBy, widthBy, widthFields } from "../../layout/map";
import { readArcs, readCards, type Arc } from "../../model/card";
import { fieldLabel, type RelationshipInfo } from "../../model/ontology";
import type { Place } from "../../model/place";
import { arcLayers, arcsQuery, placedQuery } from "../../query/card";
import { useAnswer } from "../../state/answer";
import { language, place, stay } from "../../state/app";
import { world } from "../../state/world";
import { countText, valueText } from "../../text/values";
import { t } from "../../text/words";
import { Behind } from "../behind";
import { MapExport } from "../export-menu";
import { Failed, Icon, Loading, relationshipLabel } from "../parts";
import { Aside } from "../graph/aside";
import { ArcAside } from "./arc-aside";
import { Sheet } from "./sheet";
import "../../styles/map.css";
import "../../styles/graph.css";

type MapPlace = Extract<Place, { page: "map" }>;

const NONE = "-";

/** On a phone the legend begins closed. */
const wide = matchMedia("(min-width: 901px)");

export function MapPage() {
  const ontology = world.value?.ontology;
  const here = place.value as MapPlace;
  const layers = ontology ? arcLayers(ontology) : [];
  const layer = here.layer === NONE ? null : (layers.find((one) => one.type === here.layer) ?? layers[0] ?? null);
  const placedText = ontology ? placedQuery(ontology) : null;
  const arcsText = ontology && layer ? arcsQuery(ontology, layer) : null;
  const placed = useAnswer(placedText, {});
  const drawn = useAnswer(arcsText, {});
  const cards = useMemo(() => (ontology && placed.data ? readCards(ontology, Object.values(placed.data).flat()) : []), [ontology, placed.data]);
  const arcs = useMemo(() => (ontology && layer && drawn.data ? readArcs(ontology, drawn.data[layer.list ?? ""] ?? []) : []), [ontology, layer, drawn.data]);
  if (placed.error) return <Failed message={placed.error} />;
  if (!ontology || !placed.data || (arcsText && !drawn.data)) return <Loading />;
  const to = (change: Partial<MapPlace>) => stay({ ...here, ...change });
  return <MapWork cards={cards} arcs={arcs} layers={layers} layer={layer} open={here.open} query={arcsText ?? placedText} to={to} />;
}

interface WorkProps {
  cards: ReturnType<typeof readCards>;
  arcs: Arc[];
  layers: RelationshipInfo[];
  layer: RelationshipInfo | null;
  open: string | null;
  query: string | null;
  to: (change: Partial<MapPlace>) => void;
}

function MapWork({ cards, arcs, layers, layer, open, query, to }: WorkProps) {
  const widths = widthFields(layer?.properties ?? [], arcs);
  const [chosen, choose] = useState<string | null>(null);
  const info = chosen === NONE ? undefined : (widths.find((one) => one.name === chosen) ?? widths[0]);
  const width = info ? widthBy(info, arcs) : null;
  const dashes = dashBy(layer?.properties ?? [], arcs);
  const arc = arcs.find((one) => one.id === open);
  const onClose = () => to({ open: null });
  return (
    <div class={`map-work${open ? " opened" : ""}`}>
      <section class="map-stage" aria-label={t("map")}>
        <Sheet cards={cards} arcs={arcs} open={open} onOpen={(id) => to({ open: id })} {...(width && { width: width.of })} {...(dashes && { dashes: dashes.of })} />
        <details class="map-legend card" open={wide.matches}>
          <summary>
            <Icon name="list" /> {t("legendShort")}
          </summary>
          <label>
            <span>{t("layer")}</span>
            <select class="field" value={layer?.type ?? NONE} onChange={(event) => to({ layer: event.currentTarget.value, open: null })}>
              {layers.map((one) => (
                <option key={one.type} value={one.type}>
                  {relationshipLabel(one.type)} ({countText(one.count)})
                </option>
              ))}
              <option value={NONE}>{t("noLayer")}</option>
            </select>
          </label>
          {widths.length > 0 && (
            <label>
              <span>{t("width")}</span>
              <select class="field" value={info?.name ?? NONE} onChange={(event) => choose(event.currentTarget.value)}>
                {widths.map((one) => (
                  <option key={one.name} value={one.name}>
                    {fieldLabel(one, language.value)}
                  </option>
                ))}
                <option value={NONE}>{t("none")}</option>
              </select>
            </label>
          )}
          {width && (
            <p class="faint">
              <Sample width={5} dashes="" /> {width.legend(language.value)}
            </p>
          )}
          {dashes?.values.map((value, nth) => (
            <p key={nth} class="faint">
              <Sample width={2.4} dashes={dash(nth)} /> {valueText(dashes.info, value, language.value)}
            </p>
          ))}
          <p class="faint num">
            {countText(cards.length)} {t("placed")}
          </p>
          <p>
            <Behind query={query} /> <MapExport />
          </p>
        </details>
      </section>
      {arc ? <ArcAside arc={arc} onClose={onClose} onOpen={(id) => to({ open: id })} /> : open && <Aside key={open} id={open} onClose={onClose} />}
    </div>
  );
}

function Sample({ width, dashes }: { width: number; dashes: string }) {
  return (
    <svg width="34" height="8" aria-hidden="true">
      <line x1="1" y1="4" x2="33" y2="4" stroke="currentColor" stroke-width={width} stroke-dasharray={dashes} stroke-linecap="round" />
    </svg>
  );
}
