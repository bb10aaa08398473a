/** How does a person ask in their own words? Editor, variables, examples, history; the answer in views. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { errorText, nodeIds } from "../../model/answer";
import { graphAt, type AnswerView, type At } from "../../model/place";
import { drawn } from "../../export/file";
import { askWhole, type Answer } from "../../net/client";
import { withIds } from "../../query/ids";
import { kept, keepAs, language, place, stay } from "../../state/app";
import { show } from "../../state/graph";
import { EXAMPLES, fitting, needSchema, schema } from "../../state/schema";
import { world } from "../../state/world";
import { countText } from "../../text/values";
import { t } from "../../text/words";
import { go } from "../../state/app";
import { Aside } from "../graph/aside";
import { ExportMenu } from "../export-menu";
import { Button, Icon, Menu, MenuItem, useTitle } from "../parts";
import { AnswerBody } from "./answer-views";
import { Editor } from "./editor";
import "../../styles/graph.css";
import "../../styles/query.css";

type QueryPlace = At<"query">;

interface Result {
  answer: Answer;
  /** Null until they are known. */
  ids: string[] | null;
}

const KEPT = 40;

export function QueryPage() {
  const here = place.value as QueryPlace;
  useTitle(t("query"));
  const text = here.query ?? EXAMPLES[0]?.text ?? "";
  const typed = useRef({ text, nth: 0 });
  if (typed.current.text !== text) typed.current = { text, nth: typed.current.nth + 1 };
  const type = (query: string) => {
    typed.current.text = query;
    to({ query });
  };
  const [result, setResult] = useState<Result | null>(null);
  const [running, setRunning] = useState(false);
  const { open } = here;
  const setOpen = (id: string | null) => to({ open: id });
  useEffect(() => void needSchema(), []);
  const to = (change: Partial<QueryPlace>) => stay({ ...(place.value as QueryPlace), query: text, ...change });
  const run = async (query = (place.value as QueryPlace).query ?? text) => {
    setRunning(true);
    const { variables } = place.value as QueryPlace;
    const answer = await asked(query, variables);
    setResult({ answer, ids: null });
    setRunning(false);
    remember(query);
    setResult({ answer, ids: await idsIn(query, variables, answer) });
  };
  useEffect(() => {
    if (here.query) void run(here.query);
  }, [language.value]);
  const take = (query: string) => (to({ query }), void run(query));
  return (
    <div class={`query-work${open ? " opened" : ""}`}>
      <section class="ask" aria-label={t("editor")}>
        <Tools running={running} onRun={() => void run()} onTake={take} />
        <Editor value={text} nth={typed.current.nth} schema={schema.value} label={t("editor")} onChange={type} onRun={() => void run()} />
        <details class="variables" open={here.variables !== ""}>
          <summary>{t("variables")}</summary>
          <textarea class="field" aria-label={t("variables")} spellcheck={false} placeholder="{ }" value={here.variables} onInput={(event) => to({ variables: event.currentTarget.value })} />
        </details>
      </section>
      <section class="answer" aria-label={t("answer")} aria-busy={running}>
        <AnswerBar at={here} result={result} onView={(view) => to({ view })} />
        {result && <Errors answer={result.answer} />}
        <div class="answer-body">{result?.answer.data != null ? <AnswerBody view={here.view} data={result.answer.data} ids={result.ids} open={open} onOpen={setOpen} /> : !result && <Welcome />}</div>
      </section>
      {open && <Aside key={open} id={open} onClose={() => setOpen(null)} />}
    </div>
  );
}

async function asked(query: string, variables: string): Promise<Answer> {
  try {
    return await askWhole(query, readVariables(variables));
  } catch (error) {
    return failure(error instanceof SyntaxError ? `${t("variables")}: ${error.message}` : String(error));
  }
}

const readVariables = (text: string): object => (text.trim() ? (JSON.parse(text) as object) : {});

/** The records that an answer speaks of: it is asked for again with the ids of all. Mutations are not. */
async function idsIn(query: string, variables: string, answer: Answer): Promise<string[]> {
  const readable = answer.data !== null && !/^\s*mutation\b/m.test(query);
  const here = readable ? await needSchema() : null;
  const identified = here ? await asked(withIds(here, query), variables) : answer;
  return nodeIds(identified.data, (name) => world.value?.ontology.types.has(name) ?? false);
}

const failure = (message: string): Answer => ({ data: null, errors: [{ message }], milliseconds: 0, bytes: 0 });

function remembered(): string[] {
  try {
    return JSON.parse(kept("queries") ?? "[]") as string[];
  } catch {
    return [];
  }
}

function remember(query: string): void {
  keepAs("queries", JSON.stringify([query, ...remembered().filter((one) => one !== query)].slice(0, KEPT)));
}

function Tools({ running, onRun, onTake }: { running: boolean; onRun: () => void; onTake: (query: string) => void }) {
  const here = schema.value;
  const examples = useMemo(() => (here ? fitting(here) : []), [here]);
  const past = remembered();
  return (
    <div class="toolbar">
      <Button main icon="play" label={running ? t("running") : t("run")} title="Ctrl+Enter" disabled={running} onClick={onRun} />
      <Menu icon="lightbulb" label={t("examples")} bare>
        {(close) => examples.map((one) => <MenuItem key={one.en} label={one[language.value]} onClick={() => (onTake(one.text), close())} />)}
      </Menu>
      <Menu icon="history" label={t("history")} bare>
        {(close) => (past.length ? past.map((one) => <MenuItem key={one} label={firstWords(one)} onClick={() => (onTake(one), close())} />) : <p class="faint">{t("none")}</p>)}
      </Menu>
      <span class="grow" />
      <a class="button bare" href="/graphiql">
        GraphiQL <Icon name="external-link" />
      </a>
    </div>
  );
}

const firstWords = (query: string): string => query.replace(/\s+/g, " ").trim().slice(0, 80);

const VIEWS: [AnswerView, string][] = [
  ["json", "code-xml"],
  ["table", "table"],
  ["graph", "waypoints"],
  ["map", "map"],
  ["timeline", "calendar-days"],
];

function AnswerBar({ at, result, onView }: { at: QueryPlace; result: Result | null; onView: (view: AnswerView) => void }) {
  const { view, query, variables } = at;
  const toGraph = async (ids: string[]) => {
    await show(ids);
    go(graphAt());
  };
  const ids = result?.ids ?? [];
  return (
    <div class="toolbar">
      {VIEWS.map(([name, icon]) => (
        <Button key={name} bare icon={icon} label={name === "json" ? "JSON" : t(name)} aria-pressed={view === name} onClick={() => onView(name)} />
      ))}
      <span class="grow" />
      {ids.length > 0 && <ExportMenu query={query} variables={() => readVariables(variables)} pictures={drawn} />}
      {ids.length > 0 && <Button bare icon="plus" label={`${t("openAsGraph")} (${ids.length})`} onClick={() => void toGraph(ids)} />}
      {result && (
        <span class="faint num">
          {Math.round(result.answer.milliseconds)} {t("milliseconds")} · {countText(result.answer.bytes)} B
        </span>
      )}
    </div>
  );
}

function Errors({ answer }: { answer: Answer }) {
  if (answer.errors.length === 0) return null;
  return (
    <div class="errors" role="alert">
      <ul>
        {answer.errors.map((error, index) => (
          <li key={index}>{errorText(error)}</li>
        ))}
      </ul>
    </div>
  );
}

/** What stands where the answer will be. */
function Welcome() {
  return (
    <p class="notice">
      {t("welcome")}
      <br />
      <kbd>Ctrl</kbd> + <kbd>Enter</kbd>
    </p>
  );
}
