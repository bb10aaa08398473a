/** Which record does a person mean? Search as they type; a list to choose from by keyboard or click. */
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { typeOf } from "../model/ontology";
import SEARCH, { type Data } from "../query/asked/search.graphql?raw";
import { linksOf } from "../query/card";
import { useAnswer } from "../state/answer";
import { recordAt, type At } from "../model/place";
import { go, place, stay } from "../state/app";
import { current, show } from "../state/graph";
import { world } from "../state/world";
import { t } from "../text/words";
import { Behind } from "./behind";
import { Icon, TypeDot, typeLabel } from "./parts";
import "../styles/search.css";

type Hit = Data["search"]["edges"][number];

export function SearchBox({ large }: { large?: boolean }) {
  const [text, setText] = useState("");
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const list = useId();
  const input = useRef<HTMLInputElement>(null);
  const asked = useSettled(text.trim());
  const able = world.value?.can("search") ?? false;
  const related = world.value?.ontology.served.relationships.length;
  const query = related ? SEARCH : (SEARCH.replace(/ degree.*?\}/, "") as typeof SEARCH);
  const { data } = useAnswer(able && asked ? query : null, { text: asked });
  const hits = asked ? (data?.search.edges ?? []) : [];
  useEffect(() => setAt(0), [data]);
  useSlash(input);

  const choose = (hit: Hit | undefined) => {
    if (!hit) return;
    setOpen(false);
    setText("");
    input.current?.blur();
    const { id } = hit.node;
    if (place.value.page !== "graph") return go(recordAt(id));
    void show([id]).then(() => stay({ ...(place.value as At<"graph">), canvas: current.value, open: id }));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") setAt(Math.min(at + 1, hits.length - 1));
    else if (event.key === "ArrowUp") setAt(Math.max(at - 1, 0));
    else if (event.key === "Enter") choose(hits[at]);
    else if (event.key === "Escape") setOpen(false);
    else return;
    event.preventDefault();
  };
  const shown = open && asked !== "" && data !== null;
  return (
    <div class={`search${large ? " large" : ""}`} role="search">
      <Icon name="search" />
      <input
        ref={input}
        class="field"
        type="text"
        role="combobox"
        aria-label={t("search")}
        aria-expanded={shown}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={shown && hits[at] ? `${list}-${at}` : undefined}
        placeholder={able ? t("search") + (world.value?.ontology.served.languages.includes("zh") ? ` · ${t("searchHint")}` : "") : t("searchMissing")}
        disabled={!able}
        autocomplete="off"
        spellcheck={false}
        value={text}
        onInput={(event) => (setText(event.currentTarget.value), setOpen(true))}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
      />
      {shown && (
        <div class="hits">
          <ul id={list} role="listbox" aria-label={t("search")}>
            {hits.map((hit, index) => (
              <HitRow key={hit.node.id} id={`${list}-${index}`} hit={hit} active={index === at} onChoose={() => choose(hit)} />
            ))}
          </ul>
          {hits.length === 0 && <p class="none" role="status">{t("noHits")}</p>}
          <p onPointerDown={(event) => event.preventDefault()}>
            <Behind query={query} variables={{ text: asked }} />
          </p>
        </div>
      )}
    </div>
  );
}

function HitRow({ id, hit, active, onChoose }: { id: string; hit: Hit; active: boolean; onChoose: () => void }) {
  const { node, matched } = hit;
  const other = matched.value === node.label ? null : matched.value;
  return (
    <li id={id} role="option" aria-selected={active} onPointerDown={(event) => (event.preventDefault(), onChoose())}>
      <TypeDot type={typeOf(node.id)} />
      <span class="grow">
        {node.label} {other && <span class="faint">{other}</span>}
      </span>
      <span class="faint">{typeLabel(typeOf(node.id))}</span>
      <span class="faint num">{linksOf(node)}</span>
    </li>
  );
}

/** What was typed, once the typing pauses. */
function useSettled(text: string): string {
  const [settled, set] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => set(text), 120);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

/** The key `/` goes to the search field, unless a person is typing. */
function useSlash(input: { current: HTMLInputElement | null }): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const typing = (event.target as HTMLElement).closest?.("input, textarea, select, [contenteditable], .shadow-editor");
      if (event.key !== "/" || typing || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      input.current?.focus();
    };
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, []);
}
