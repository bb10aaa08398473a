/** Which types and relationships are on the canvas? The legend, and at once the filter. */
import type { ComponentChildren } from "preact";
import { groupBy } from "../../model/group";
import { toggleRelationship, toggleType } from "../../model/canvas";
import { typeOf } from "../../model/ontology";
import { act, current, edges } from "../../state/graph";
import { countText } from "../../text/values";
import { t } from "../../text/words";
import { relationshipColor, relationshipLabel, TypeDot, typeLabel } from "../parts";

export function Legend() {
  const canvas = current.value;
  const types = sorted(groupBy(canvas.spots.keys(), typeOf));
  const here = [...edges.value.values()].filter(({ source, target }) => canvas.spots.has(source) && canvas.spots.has(target));
  const relationships = sorted(groupBy(here, (edge) => edge.type));
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

function sorted<T>(groups: Map<string, T[]>): [string, number][] {
  return [...groups].map(([name, all]) => [name, all.length] as [string, number]).sort((a, b) => b[1] - a[1]);
}

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
