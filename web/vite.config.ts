/** How is the explorer built? One entry; names carry a hash of the content. GraphiQL has a build of its own. */
import { defineConfig } from "vite";
import { iconPack } from "./icons.ts";
import { land } from "./land.ts";
import { packed } from "./packed.ts";
import { shaders } from "./shaders.ts";

const target = process.env.GUITU_SERVER ?? "http://127.0.0.1:8080";
const server = { target, changeOrigin: false };
const proxy = { "/graphql": server, "/export": server, "/schema.graphql": server };

/** What sigma makes when it is read, whether or not it is used. */
const UNUSED = ["createEdgeDoubleClampedProgram", "createEdgeDoubleArrowProgram", "createEdgeClampedProgram", "createEdgeArrowHeadProgram", "createEdgeArrowProgram", "createEdgeCompoundProgram", "createEdgeCurveProgram", "createEdgeProgram", "createNodeBorderProgram"];

export default defineConfig({
  plugins: [iconPack(), land(), shaders(), packed(true)],
  resolve: { alias: { "vscode-languageserver-types": new URL("./lsp-types.ts", import.meta.url).pathname } },
  server: { proxy },
  preview: { proxy },
  build: {
    target: "es2023",
    outDir: "dist/app",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 4000,
    rolldownOptions: { input: { index: "index.html" }, treeshake: { manualPureFunctions: UNUSED } },
  },
  worker: { format: "es" },
});
