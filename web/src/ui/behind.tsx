/** Which query gave this view? A button that shows it, to copy or to open in the query page. */
import { signal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { queryAt } from "../model/place";
import { go } from "../state/app";
import { t } from "../text/words";
import { Button } from "./parts";

interface Question {
  /** One that is long to write is given as the way to write it. */
  query: string | (() => string | null) | null;
  variables?: object;
}

const shown = signal<Question | null>(null);

export function Behind({ query, variables, quiet = false }: Question & { quiet?: boolean }) {
  if (!query) return null;
  return <Button icon="code-xml" label={t(quiet ? "behind" : "behindShort")} title={t("behind")} bare quiet={quiet} onClick={() => (shown.value = { query: typeof query === "string" ? query : query(), ...(variables && { variables }) })} />;
}

/** One for the whole page: it stays when the view that asked for it goes. */
export function BehindDialog() {
  const dialog = useRef<HTMLDialogElement>(null);
  const [copied, setCopied] = useState(false);
  const now = shown.value;
  const text = String(now?.query ?? "");
  useEffect(() => {
    setCopied(false);
    if (now) dialog.current?.showModal();
  }, [now]);
  const close = () => dialog.current?.close();
  const variables = now?.variables ? JSON.stringify(now.variables, null, 2) : "";
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <dialog ref={dialog} aria-label={t("behind")} onClose={() => (shown.value = null)} onClick={(event) => event.target === dialog.current && close()}>
      <header>
        <h2>{t("behind")}</h2>
        <Button icon="x" label={t("close")} quiet bare onClick={close} />
      </header>
      <pre tabIndex={0}>
        {text}
        {variables && `\n# ${t("variables")}\n${variables}`}
      </pre>
      <footer>
        <Button main icon="play" label={t("openInQuery")} onClick={() => (close(), go(queryAt({ query: text, variables })))} />
        <Button icon="copy" label={copied ? t("copied") : t("copy")} onClick={() => void copy()} />
      </footer>
    </dialog>
  );
}
