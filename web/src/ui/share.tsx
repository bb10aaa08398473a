/** How does a person show another what they see? The address holds the whole view; this copies it. */
import { useState } from "preact/hooks";
import { language } from "../state/app";
import { t } from "../text/words";
import { Button } from "./parts";

export function Share() {
  const [done, setDone] = useState(false);
  const copy = async () => {
    const url = new URL(location.href);
    url.search = `?lang=${language.value}`;
    await navigator.clipboard.writeText(url.href);
    setDone(true);
    setTimeout(() => setDone(false), 2_000);
  };
  return <Button bare quiet icon={done ? "check" : "share-2"} label={done ? t("shared") : t("share")} onClick={() => void copy()} />;
}
