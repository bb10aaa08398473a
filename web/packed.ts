/**
 * How does the build shrink what it sends? Each text file gets a `.gz` beside it, where that is worth it.
 * The explorer's are packed by zopfli, which takes its time and leaves a twentieth less than gzip.
 */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { gzipAsync } from "@gfx/zopfli";
import type { Plugin } from "vite";

const TEXT = /\.(js|css|html|svg|json|ttf)$/;
const WORTH_IT = 1024;

export function packed(slowly = false): Plugin {
  let folder = "";
  return {
    name: "packed",
    apply: "build",
    configResolved: (config) => void (folder = config.build.outDir),
    closeBundle: async () => {
      for (const path of files(folder).filter(isToPack)) await pack(path, slowly);
    },
  };
}

function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** What another build into the same folder has packed stays. */
function isToPack(path: string): boolean {
  const { size, mtimeMs } = statSync(path);
  return TEXT.test(path) && size > WORTH_IT && !(existsSync(`${path}.gz`) && statSync(`${path}.gz`).mtimeMs >= mtimeMs);
}

async function pack(path: string, slowly: boolean): Promise<void> {
  const text = readFileSync(path);
  writeFileSync(`${path}.gz`, slowly ? await gzipAsync(text, { numiterations: 15 }) : gzipSync(text, { level: 9 }));
}
