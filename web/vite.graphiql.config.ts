/** How is GraphiQL built? Apart from the explorer, into a folder of its own, so that neither weighs on the other. */
import { defineConfig } from "vite";
import { packed } from "./packed.ts";

export default defineConfig({
  plugins: [packed()],
  build: {
    target: "es2023",
    outDir: "dist/app",
    emptyOutDir: false,
    assetsDir: "assets/graphiql",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 8000,
    rolldownOptions: { input: { graphiql: "graphiql/index.html" }, onLog: (level, log, say) => log.code === "MODULE_LEVEL_DIRECTIVE" || say(level, log) },
  },
  worker: { format: "es" },
});
