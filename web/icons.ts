/**
 * Which icons does the page carry? Those of Lucide that are named in `src/styles/icons.txt`, packed into
 * one module: `virtual:icons` gives each one's drawing by its name.
 */
import { readFileSync } from "node:fs";
import type { Plugin } from "vite";

const NAME = "virtual:icons";
const here = (path: string): URL => new URL(path, import.meta.url);

export function iconPack(): Plugin {
  return {
    name: "icon-pack",
    resolveId: (id) => (id === NAME ? `\0${NAME}` : null),
    load: (id) => (id === `\0${NAME}` ? `export default ${JSON.stringify(packed())}` : null),
  };
}

function packed(): Record<string, string> {
  const names = readFileSync(here("./src/styles/icons.txt"), "utf8").split(/\s+/).filter(Boolean);
  return Object.fromEntries(names.map((name) => [name, drawing(name)]));
}

/** What stands inside the `<svg>` of an icon. */
function drawing(name: string): string {
  const svg = readFileSync(here(`./node_modules/lucide-static/icons/${name}.svg`), "utf8");
  return svg.replace(/^[\s\S]*?<svg[\s\S]*?>/, "").replace("</svg>", "").replace(/\s+/g, " ").trim();
}
