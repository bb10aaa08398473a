/** How does a person show another what they see? The address holds the whole view; this copies it. */
import { useState } from "preact/hooks";
import { shared } from "../state/app";
import { t } from "../text/words";
import { Button } from "./parts";

export function Share() {
  const [done, setDone] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(new URL(shared(), location.href).href);
    setDone(true);
    setTimeout(() => setDone(false), 2_000);
  };
  return <Button bare quiet icon={done ? "check" : "share-2"} label={done ? t("shared") : t("share")} onClick={() => void copy()} />;
}
