/** What does this edge say, and who says so? The details of an arc that was clicked. */
import type { Arc } from "../../model/card";
import { t } from "../../text/words";
import { Button, relationshipLabel, TypeDot } from "../parts";
import { Facts, References } from "../record/facts";

export function ArcAside({ arc, onClose, onOpen }: { arc: Arc; onClose: () => void; onOpen: (id: string) => void }) {
  return (
    <aside class="aside record" aria-label={t("details")}>
      <Button icon="x" label={t("close")} quiet bare onClick={onClose} />
      <header class="head">
        <p class="kind">{relationshipLabel(arc.type)}</p>
        <h1>
          {arc.from.label} → {arc.to.label}
        </h1>
        <div class="row">
          {[arc.from, arc.to].map((card) => (
            <button key={card.id} type="button" class="button bare" onClick={() => onOpen(card.id)}>
              <TypeDot type={card.type} /> {card.label}
            </button>
          ))}
        </div>
      </header>
      <Facts facts={arc.facts} references={[]} />
      <h2>
        {t("references")} <span class="count num">{arc.references.length}</span>
      </h2>
      <References references={arc.references} labels={new Map()} />
    </aside>
  );
}
