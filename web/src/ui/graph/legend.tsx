/** Which types and relationships are on the canvas? The legend, and at once the filter. */
import type { ComponentChildren } from "preact";
import { toggleRelationship, toggleType } from "../../model/canvas";
import { act, current, edgeCounts, nodeCounts } from "../../state/graph";
import { countText } from "../../text/values";
import { t } from "../../text/words";
import { relationshipColor, relationshipLabel, TypeDot, typeLabel } from "../parts";

export function Legend() {
  const canvas = current.value;
  const types = sorted(nodeCounts.value);
  const relationships = sorted(edgeCounts.value);
  return (
    <div class="legend">
      <h2>{t("nodes")}</h2>
      <ul>
        {types.map(([type, count]) => (
          <Switch key={type} off={canvas.offTypes.has(type)} label={typeLabel(type)} count={count} onClick={() => act((now) => toggleType(now, type))}>
            <TypeDot type={type} small />
          </Switch>
        ))}
      </ul>
      <h2>{t("edgesWord")}</h2>
      <ul>
        {relationships.map(([type, count]) => (
          <Switch key={type} off={canvas.offRelationships.has(type)} label={relationshipLabel(type)} count={count} onClick={() => act((now) => toggleRelationship(now, type))}>
            <i class="stroke" style={{ background: relationshipColor(type) ?? "var(--faint)" }} />
          </Switch>
        ))}
      </ul>
    </div>
  );
}

const sorted = (counts: ReadonlyMap<string, number>): [string, number][] => [...counts].sort((a, b) => b[1] - a[1]);

interface SwitchProps {
  off: boolean;
  label: string;
  count: number;
  onClick: () => void;
  children: ComponentChildren;
}

function Switch({ off, label, count, onClick, children }: SwitchProps) {
  return (
    <li>
      <button type="button" class="switch" aria-pressed={!off} onClick={onClick}>
        {children}
        <span class="grow">{label}</span>
        <span class="num faint">{countText(count)}</span>
      </button>
    </li>
  );
}
