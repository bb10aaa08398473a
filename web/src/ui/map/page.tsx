/** What is where in this graph? All records with a location, and one relationship between them as arcs. */
import { useMemo } from "preact/hooks";
import { drawn } from "../../export/file";
import { dash, dashBy, widthBy, widthFields } from "../../layout/map";
import { readArcs, readCards, type Arc, type RawArc, type RawNode } from "../../model/card";
import { fieldLabel, type RelationshipInfo } from "../../model/ontology";
import type { At } from "../../model/place";
import { arcLayers, arcsQuery, mapQuery } from "../../query/card";
import { useAnswer } from "../../state/answer";
import { language, place, stay } from "../../state/app";
import { world } from "../../state/world";
import { countText, valueText } from "../../text/values";
import { t } from "../../text/words";
import { Behind } from "../behind";
import { ExportMenu } from "../export-menu";
import { Failed, Icon, Loading, relationshipLabel, useTitle } from "../parts";
import { Aside } from "../graph/aside";
import { ArcAside } from "./arc-aside";
import { Sheet } from "./sheet";
import "../../styles/map.css";
import "../../styles/graph.css";

type MapPlace = At<"map">;

const NONE = "-";

/** On a phone the legend begins closed. */
const wide = matchMedia("(min-width: 901px)");

export function MapPage() {
  const ontology = world.value?.ontology;
  const here = place.value as MapPlace;
  useTitle(t("map"));
  const layers = ontology ? arcLayers(ontology) : [];
  const layer = here.layer === NONE ? null : (layers.find((one) => one.type === here.layer) ?? layers[0] ?? null);
  const query = ontology ? mapQuery(ontology, layer) : null;
  const { data, error } = useAnswer(query, {});
  const list = layer?.list ?? "";
  const cards = useMemo(() => (ontology && data ? readCards(ontology, Object.entries(data).flatMap(([name, all]) => (name === list ? [] : (all as RawNode[])))) : []), [ontology, data]);
  const arcs = useMemo(() => (ontology && data ? readArcs(ontology, (data[list] ?? []) as RawArc[]) : []), [ontology, data]);
  if (error) return <Failed message={error} />;
  if (!ontology || (query && !data)) return <Loading />;
  if (!query) return <p class="notice">{t("noPlaces")}</p>;
  const to = (change: Partial<MapPlace>) => stay({ ...(place.value as MapPlace), ...change });
  return <MapWork cards={cards} arcs={arcs} layers={layers} layer={layer} open={here.open} query={query} width={here.width} to={to} />;
}

interface WorkProps {
  cards: ReturnType<typeof readCards>;
  arcs: Arc[];
  layers: RelationshipInfo[];
  layer: RelationshipInfo | null;
  open: string | null;
  query: string | null;
  width: string | null;
  to: (change: Partial<MapPlace>) => void;
}

function MapWork({ cards, arcs, layers, layer, open, query, width: chosen, to }: WorkProps) {
  const widths = widthFields(layer?.properties ?? [], arcs);
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
            <select class="field" value={layer?.type ?? NONE} onChange={(event) => to({ layer: event.currentTarget.value, width: null, open: null })}>
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
              <select class="field" value={info?.name ?? NONE} onChange={(event) => to({ width: event.currentTarget.value })}>
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
            <Behind query={query} /> <ExportMenu query={layer && world.value && arcsQuery(world.value.ontology, layer)} pictures={drawn} />
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
