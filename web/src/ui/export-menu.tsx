/** In which form does a person take along what they see? Pictures of it, and files that the server writes. */
import { useState } from "preact/hooks";
import { png, save } from "../export/file";
import { exported } from "../net/client";
import { t } from "../text/words";
import { Menu, MenuItem } from "./parts";

interface Props {
  /** What leads to the records that are shown, by one root field. */
  query?: string | (() => string | null) | null;
  variables?: () => object;
  /** What draws as SVG what is shown, if anything does. */
  pictures?: () => (() => string) | null;
}

const FILES: [label: string, format: string, names: string[]][] = [
  ["CSV", "csv", ["nodes.csv", "edges.csv"]],
  ["GEXF", "gexf", ["gexf"]],
  ["GraphML", "graphml", ["graphml"]],
];

export function ExportMenu({ query, variables = () => ({}), pictures }: Props) {
  const [wrong, setWrong] = useState<string | null>(null);
  const write = async (format: string, names: string[]) => {
    const text = typeof query === "function" ? query() : query;
    for (const name of names) {
      const part = names.length > 1 ? `&part=${name.split(".")[0]}` : "";
      save(`guitu${part ? "-" : "."}${name}`, await exported(text ?? "", variables(), format + part));
    }
  };
  const take = (work: () => Promise<void>, close: () => void) => {
    setWrong(null);
    work().then(close, (error: Error) => setWrong(error.message));
  };
  return (
    <Menu icon="download" label={t("export")} bare quiet>
      {(close) => <Formats {...{ query, drawing: pictures?.() ?? null, wrong, write }} take={(work) => take(work, close)} />}
    </Menu>
  );
}

interface FormatsProps {
  query: Props["query"];
  drawing: (() => string) | null;
  wrong: string | null;
  write: (format: string, names: string[]) => Promise<void>;
  take: (work: () => Promise<void>) => void;
}

function Formats({ query, drawing, wrong, write, take }: FormatsProps) {
  return (
    <>
      {drawing && <MenuItem label="PNG" onClick={() => take(async () => save("guitu.png", await png(drawing())))} />}
      {drawing && <MenuItem label="SVG" onClick={() => take(async () => save("guitu.svg", new Blob([drawing()], { type: "image/svg+xml" })))} />}
      {query && FILES.map(([label, format, names]) => <MenuItem key={label} label={label} onClick={() => take(() => write(format, names))} />)}
      {wrong && (
        <p class="faint" role="alert">
          {wrong}
        </p>
      )}
    </>
  );
}
