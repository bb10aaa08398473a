/** To whom is a record joined? Each relationship with its count, its first neighbours, and more on demand. */
import { useState } from "preact/hooks";
import { fieldLabel, typeOf } from "../../model/ontology";
import { readMore, type Link, type Neighbour } from "../../model/record";
import { recordAt } from "../../model/place";
import { ask } from "../../net/client";
import { linkQuery } from "../../query/record";
import { href, language } from "../../state/app";
import { world } from "../../state/world";
import { countText } from "../../text/values";
import { t } from "../../text/words";
import { Button, TypeDot } from "../parts";
import { EdgeLine } from "./facts";

const PAGE = 25;

export const linkLabel = (link: Link): string => (link.field ? fieldLabel(link.field, language.value) : t("citedBy"));

export function Links({ id, links }: { id: string; links: Link[] }) {
  return (
    <>
      {links.map((link) => (
        <LinkBlock key={link.name} id={id} link={link} />
      ))}
    </>
  );
}

function LinkBlock({ id, link }: { id: string; link: Link }) {
  const [grown, setGrown] = useState<{ from: Link; now: Link } | null>(null);
  const [busy, setBusy] = useState(false);
  const now = grown?.from === link ? grown.now : link;
  const more = async () => {
    const here = world.value;
    if (!here) return;
    setBusy(true);
    const answer = await ask(linkQuery(here.ontology, id, link.name, PAGE, now.next), {}).catch(() => null);
    const page = answer && readMore(here.ontology, id, link.name, answer);
    if (page) setGrown({ from: link, now: { ...page, neighbours: [...now.neighbours, ...page.neighbours] } });
    setBusy(false);
  };
  return (
    <section class="link">
      <h3 title={link.field?.description ?? ""}>
        {linkLabel(link)} <span class="count num">{countText(link.total)}</span>
      </h3>
      <ul>
        {now.neighbours.map((one, index) => (
          <NeighbourRow key={`${one.edge?.id ?? one.id} ${index}`} neighbour={one} />
        ))}
      </ul>
      {now.next && (
        <Button bare disabled={busy} icon="chevron-down" label={`${t("more")} (${now.neighbours.length} ${t("of")} ${countText(link.total)})`} onClick={() => void more()} />
      )}
    </section>
  );
}

function NeighbourRow({ neighbour }: { neighbour: Neighbour }) {
  const { id, label, edge } = neighbour;
  return (
    <li>
      <TypeDot type={typeOf(id)} />
      <span class="grow">
        <a href={href(recordAt(id))}>{label}</a>
        {edge && <EdgeLine facts={edge.facts} references={edge.references} />}
      </span>
    </li>
  );
}
