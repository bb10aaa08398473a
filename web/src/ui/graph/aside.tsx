/** What is the node that was clicked, and what can be expanded from it? Counts first, then data. */
import type { Link, RecordFacts } from "../../model/record";
import { collapse, pin, remove } from "../../model/canvas";
import { recordAt } from "../../model/place";
import { href } from "../../state/app";
import { busy, grow, PAGE, reachedOf } from "../../state/expansion";
import { act, cards, current, edges, show } from "../../state/graph";
import { pathStart, seek } from "../../state/paths";
import { world } from "../../state/world";
import { countText } from "../../text/values";
import { t } from "../../text/words";
import { Behind } from "../behind";
import { Button, Failed, Icon, Loading } from "../parts";
import { linkLabel } from "../record/links";
import { Head, Stated, useRecord } from "../record/page";
import "../../styles/record.css";

export function Aside({ id, onClose }: { id: string; onClose: () => void }) {
  const { record, query, error, loading } = useRecord(id);
  return (
    <aside class="aside record" aria-label={t("details")}>
      <Button icon="x" label={t("close")} quiet bare onClick={onClose} />
      {error && <Failed message={error} />}
      {!record && !error && (loading ? <Loading /> : <p class="notice">{t("notFound")}</p>)}
      {record && (
        <>
          <Head record={record}>
            <Steps id={id} />
            <a class="button bare" href={href(recordAt(id))}>
              <Icon name="file-text" />
              {t("openRecord")}
            </a>
            <Behind query={query} />
          </Head>
          <Expansions record={record} />
          <Stated record={record} />
        </>
      )}
    </aside>
  );
}

/** What one can do with a node on the canvas; one that is not there can be put there. */
function Steps({ id }: { id: string }) {
  const spot = current.value.spots.get(id);
  if (!spot) return <Button main icon="waypoints" label={t("openAsGraph")} onClick={() => void show([id])} />;
  return (
    <>
      <PathStep id={id} />
      <Button bare icon="minimize-2" label={t("collapse")} onClick={() => act((now) => collapse(now, id, edges.value.values()))} />
      <Button bare icon={spot.pinned ? "pin-off" : "pin"} label={t(spot.pinned ? "unpin" : "pin")} onClick={() => act((now) => pin(now, id, !spot.pinned))} />
      <Button bare icon="circle-minus" label={t("remove")} onClick={() => act((now) => remove(now, [id]))} />
    </>
  );
}

/** Paths without a second click on the canvas: one record is the start, the next the end. */
function PathStep({ id }: { id: string }) {
  const start = pathStart.value;
  if (!world.value?.can("paths")) return null;
  if (start === null || start === id || !current.value.spots.has(start)) {
    return <Button bare icon="route" label={t("pathsFromHere")} aria-pressed={start === id} onClick={() => (pathStart.value = start === id ? null : id)} />;
  }
  return <Button bare icon="route" label={`${t("pathsFrom")} ${cards.value.get(start)?.label ?? start}`} onClick={() => ((pathStart.value = null), seek({ from: start, to: id }))} />;
}

/** Citations are no edges: a record that is only cited has nothing to draw. */
function Expansions({ record }: { record: RecordFacts }) {
  const links = record.links.filter((link) => link.field !== null);
  if (!links.length) return null;
  return (
    <section class="expansions" aria-label={t("expand")}>
      <h2>
        {t("expand")} <span class="faint">{t("expandHint")}</span>
      </h2>
      <ul>
        {links.map((link) => (
          <Expansion key={link.name} id={record.id} link={link} />
        ))}
      </ul>
    </section>
  );
}

function Expansion({ id, link }: { id: string; link: Link }) {
  const at = reachedOf(id, link.name);
  const all = at !== undefined && at.next === null;
  const next = Math.min(PAGE, link.total - (at?.read ?? 0));
  return (
    <li>
      <button type="button" class="expansion" disabled={busy.value !== null} onClick={() => void grow(id, link.name)} title={link.field?.description ?? ""}>
        <span class="grow">{linkLabel(link)}</span>
        <span class="num faint">{at ? `${at.read} ${t("of")} ${countText(link.total)}` : countText(link.total)}</span>
        <span class="plus num">{all ? <Icon name="check" /> : `+${next}`}</span>
      </button>
    </li>
  );
}
