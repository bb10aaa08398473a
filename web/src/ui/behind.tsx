/** Which query gave this view? A button that shows it, to copy or to open in the query page. */
import { useRef, useState } from "preact/hooks";
import { go } from "../state/app";
import { t } from "../text/words";
import { Button } from "./parts";

export function Behind({ query, bare = true, quiet = false }: { query: string | null; bare?: boolean; quiet?: boolean }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [copied, setCopied] = useState(false);
  if (!query) return null;
  const copy = async () => {
    await navigator.clipboard.writeText(query);
    setCopied(true);
  };
  return (
    <>
      <Button icon="code-xml" label={t(quiet ? "behind" : "behindShort")} title={t("behind")} bare={bare} quiet={quiet} onClick={() => (setCopied(false), dialog.current?.showModal())} />
      <dialog ref={dialog} aria-label={t("behind")} onClick={(event) => event.target === dialog.current && dialog.current?.close()}>
        <header>
          <h2>{t("behind")}</h2>
          <Button icon="x" label={t("close")} quiet bare onClick={() => dialog.current?.close()} />
        </header>
        <pre tabIndex={0}>{query}</pre>
        <footer>
          <Button main icon="play" label={t("openInQuery")} onClick={() => go({ page: "query", query, variables: "", view: "json" })} />
          <Button icon="copy" label={copied ? t("copied") : t("copy")} onClick={() => void copy()} />
        </footer>
      </dialog>
    </>
  );
}
