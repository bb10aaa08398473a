/** What is tested how? Pure modules in `tests/`; the page in a browser, by `npm run browse`, in `e2e/`;
 * what a large canvas costs, by `npm run measure`, in `measure/`. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      { test: { name: "parts", include: ["tests/**/*.test.ts"], testTimeout: 60_000 } },
      { test: { name: "page", include: ["e2e/**/*.test.ts"], testTimeout: 90_000, hookTimeout: 90_000, fileParallelism: false } },
      { test: { name: "cost", include: ["measure/**/*.test.ts"], hookTimeout: 90_000 } },
    ],
  },
});
