/** Which ways lead from here to there? What is sought, by which relationships, and each way that is found. */
import { useEffect } from "preact/hooks";
import { PATH_MODES, type Path, type PathMode } from "../../model/place";
import { pathsQuery, type Paths } from "../../query/card";
import { useAnswer } from "../../state/answer";
import { cards, drawnEdges } from "../../state/graph";
import { seek, showPaths } from "../../state/paths";
import { world } from "../../state/world";
import { countText } from "../../text/values";
import { t } from "../../text/words";
import { Behind } from "../behind";
import { ExportMenu } from "../export-menu";
import { Button, Failed, Loading, relationshipLabel } from "../parts";

export function PathsAside({ path, onClose }: { path: Path; onClose: () => void }) {
  const ontology = world.value?.ontology;
  const query = ontology ? pathsQuery(ontology, path) : null;
  const { data, error, loading } = useAnswer(query, {});
  const label = (id: string) => cards.value.get(id)?.label ?? data?.paths.nodes.find((one) => one.id === id)?.label ?? id;
  useEffect(() => {
    if (data) void showPaths(data.paths, path.nth);
  }, [data, path.nth]);
  return (
    <aside class="aside record" aria-label={t("pathsTitle")}>
      <Button icon="x" label={t("close")} quiet bare onClick={onClose} />
      <header class="head">
        <p class="kind">{t("pathsTitle")}</p>
        <h1>
          {label(path.from)} – {label(path.to)}
        </h1>
        <div class="row">
          <Button bare icon="git-compare" label={t("swap")} onClick={() => seek({ from: path.to, to: path.from })} />
          <Behind query={query} />
          <ExportMenu query={query} />
        </div>
      </header>
      <Options path={path} />
      {error ? <Failed message={error} /> : data ? <Found found={data.paths} nth={path.nth} busy={loading} /> : <Loading />}
    </aside>
  );
}

function Options({ path }: { path: Path }) {
  const counted = path.mode === "K_SHORTEST" || path.mode === "ALL_SIMPLE";
  return (
    <div class="options">
      <label>
        {t("pathMode")}
        <select class="field" value={path.mode} onChange={(event) => seek({ mode: event.currentTarget.value as PathMode })}>
          {PATH_MODES.map((mode) => (
            <option key={mode} value={mode}>
              {t(mode)}
            </option>
          ))}
        </select>
      </label>
      {counted && (
        <label>
          {t(path.mode === "K_SHORTEST" ? "howMany" : "atMostSteps")}
          <input class="field" type="number" min="1" max={path.mode === "K_SHORTEST" ? 100 : 8} key={path.most} defaultValue={String(path.most)} onChange={(event) => seek({ most: Math.max(1, Number(event.currentTarget.value)) })} />
        </label>
      )}
      <Follow follow={path.follow} />
    </div>
  );
}

/** All relationships, those that the legend shows, or a choice. */
function Follow({ follow }: { follow: Path["follow"] }) {
  const all = (world.value?.ontology.served.relationships ?? []).filter((one) => one.count > 0).map((one) => one.type);
  const drawn = new Set(drawnEdges.value.map((edge) => edge.type));
  const listed = all.toSorted((a, b) => Number(drawn.has(b)) - Number(drawn.has(a)));
  const on = new Set(follow ?? all);
  const toggle = (type: string) => {
    const next = all.filter((one) => on.has(one) !== (one === type));
    seek({ follow: next.length === all.length ? null : next });
  };
  return (
    <details>
      <summary>
        {t("follow")} <span class="faint num">{follow ? `${follow.length} ${t("of")} ${all.length}` : t("allOf")}</span>
      </summary>
      <p class="row">
        <Button bare label={t("allOf")} aria-pressed={!follow} onClick={() => seek({ follow: null })} />
        <Button bare label={t("asLegend")} onClick={() => seek({ follow: [...drawn] })} />
      </p>
      <ul class="follow">
        {listed.map((type) => (
          <li key={type}>
            <label>
              <input type="checkbox" checked={on.has(type)} onChange={() => toggle(type)} /> {relationshipLabel(type)}
            </label>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Found({ found, nth, busy }: { found: Paths; nth: number; busy: boolean }) {
  if (found.count === 0) return <p class="notice">{t("noPath")}</p>;
  return (
    <>
      <h2 aria-live="polite">
        {t("pathsFound")} <span class="count num">{countText(found.count)}{found.truncated ? "+" : ""}</span>
      </h2>
      <ol class="ways" aria-busy={busy}>
        {found.paths.map((path, index) => (
          <li key={index}>
            <button type="button" class="expansion" aria-pressed={index === nth} onClick={() => seek({ nth: index })}>
              <span class="grow">
                {path.nodes.map((node, step) => (
                  <span key={node.id}>
                    {step > 0 && " "}
                    <Step edge={path.relationships[step - 1]} from={path.nodes[step - 1]?.id} /> <b>{node.label}</b>
                  </span>
                ))}
              </span>
              <span class="num faint">{path.length}</span>
            </button>
          </li>
        ))}
      </ol>
    </>
  );
}

function Step({ edge, from }: { edge: Paths["paths"][number]["relationships"][number] | undefined; from: string | undefined }) {
  if (!edge) return null;
  const onwards = edge.source.id === from;
  return (
    <span class="faint">
      {onwards ? "" : "← "}
      {relationshipLabel(edge.type)}
      {onwards ? " →" : ""}
    </span>
  );
}
