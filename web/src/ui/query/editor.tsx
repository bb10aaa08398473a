/**
 * How does a person write a query? CodeMirror with completion and errors from the schema. It lives in a
 * shadow root, where its styles are adopted sheets: the page's policy allows no style written into it.
 */
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { history, historyKeymap, indentWithTab, standardKeymap } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, lintKeymap } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { graphql, updateSchema } from "cm6-graphql";
import type { GraphQLSchema } from "graphql";
import { useEffect, useRef } from "preact/hooks";

const COLORS = HighlightStyle.define([
  { tag: tags.comment, color: "var(--faint)", fontStyle: "italic" },
  { tag: [tags.keyword, tags.definitionKeyword], color: "var(--code-key)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--code-text)" },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: "var(--code-value)" },
  { tag: [tags.variableName, tags.special(tags.variableName)], color: "var(--code-value)" },
  { tag: [tags.attributeName, tags.propertyName], color: "var(--code-name)" },
  { tag: tags.punctuation, color: "var(--soft)" },
]);

const LOOK = EditorView.theme({
  "&": { height: "100%", fontSize: "13.5px", backgroundColor: "transparent", color: "var(--ink)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.6", overflow: "auto" },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--faint)", border: "none" },
  ".cm-content": { caretColor: "var(--ink)", padding: "10px 0" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--sunk) 55%, transparent)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--accent-soft)" },
  ".cm-tooltip": { backgroundColor: "var(--raised)", border: "1px solid var(--line)", borderRadius: "8px", overflow: "hidden", fontFamily: "var(--sans)", fontSize: "13px" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--accent-soft)", color: "var(--ink)" },
  ".cm-completionInfo": { maxWidth: "24rem", padding: ".5rem .7rem" },
});

interface Props {
  value: string;
  /** Counts the texts that come from elsewhere: only those replace what was typed. */
  nth: number;
  schema: GraphQLSchema | null;
  label: string;
  onChange: (value: string) => void;
  onRun: () => void;
}

export function Editor({ value, nth, schema, label, onChange, onRun }: Props) {
  const holder = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef({ onChange, onRun });
  latest.current = { onChange, onRun };
  useEffect(() => {
    const root = holder.current?.shadowRoot ?? holder.current?.attachShadow({ mode: "open" });
    if (!root) return;
    const made = new EditorView({ parent: root, root, state: startState(value, label, latest) });
    made.scrollDOM.tabIndex = 0;
    view.current = made;
    return () => made.destroy();
  }, []);
  useEffect(() => {
    if (view.current && schema) updateSchema(view.current, schema);
  }, [schema]);
  useEffect(() => {
    const now = view.current?.state.doc.toString();
    if (now !== undefined && now !== value) view.current?.dispatch({ changes: { from: 0, to: now.length, insert: value } });
  }, [nth]);
  return <div class="editor shadow-editor" ref={holder} />;
}

type Latest = { current: { onChange: (value: string) => void; onRun: () => void } };

function startState(doc: string, label: string, latest: Latest): EditorState {
  const run = () => (latest.current.onRun(), true);
  return EditorState.create({
    doc,
    extensions: [
      keymap.of([{ key: "Mod-Enter", run }]),
      lineNumbers(),
      history(),
      drawSelection(),
      indentOnInput(),
      bracketMatching(),
      closeBrackets(),
      autocompletion(),
      lintGutter(),
      highlightActiveLine(),
      keymap.of([...closeBracketsKeymap, ...standardKeymap, ...historyKeymap, ...completionKeymap, ...lintKeymap, indentWithTab]),
      graphql(),
      syntaxHighlighting(COLORS),
      LOOK,
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ "aria-label": label }),
      EditorView.updateListener.of((update) => update.docChanged && latest.current.onChange(update.state.doc.toString())),
    ],
  });
}
