/**
 * What do five thousand nodes and ten thousand edges cost? `npm run measure` prints a table; it judges
 * nothing, since it depends on the machine. With `BEFORE=folder` a page built before is measured too, in
 * turn with the one that is there.
 */
import { existsSync, mkdtempSync, readFileSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import type { CDPSession, Page } from "playwright-core";
import { it } from "vitest";
import { large, largeCanvas } from "../e2e/large";
import { at, blank, moveTo } from "../e2e/site";

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  ts: number;
  dur?: number;
  /** Time that the thread was computing, without waiting for the graphics card or its turn. */
  tdur?: number;
  args: { name?: string };
}

/** What a step took, in milliseconds; `computing` is without waiting for the graphics card or its turn. */
interface Cost {
  longest: number;
  computing: number;
  /** Tasks of more than 100 ms. */
  long: number;
  /** All work of the main thread. */
  main: number;
  /** Computing in an animation frame: median and longest. */
  frame: number;
  frameMost: number;
  /** From one frame to the next while a person moves, where that was measured. */
  pace: number | null;
}

const ROUNDS = Number(process.env.ROUNDS ?? 3);
const TYPES: Record<string, string> = { ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".json": "application/json", ".html": "text/html" };

it("tells what a large canvas costs", { timeout: 1_800_000 }, async () => {
  const { ontology, seed } = large(mkdtempSync(join(tmpdir(), "guitu-large-")));
  await moveTo(ontology, seed);
  const pages: [string, string | undefined][] = process.env.BEFORE ? [["before", process.env.BEFORE], ["now", undefined]] : [["now", undefined]];
  const all = new Map<string, Cost[]>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, folder] of pages) await walk((step, cost) => all.set(`${step} | ${name}`, [...(all.get(`${step} | ${name}`) ?? []), cost]), folder);
  }
  const rows = [...all].sort(([a], [b]) => order(a) - order(b)).map(([step, costs]) => row(step, costs));
  console.log(["| step | page | longest task | of it computing | tasks > 100 ms | all computing | in a frame | at most | a frame every |", "|---|---|---|---|---|---|---|---|---|", ...rows].join("\n"));
});

const STEPS = ["load", "pan", "zoom", "point", "drag a node", "lay out", "undo", "redo", "select by search", "switch a type off and on", "by night", "clear", "undo clear"];
const order = (name: string): number => STEPS.indexOf(name.split(" | ")[0] ?? "");

/** The median of the rounds. */
function row(step: string, costs: Cost[]): string {
  const of = (pick: (cost: Cost) => number | null) => costs.map(pick).filter((one) => one !== null).sort((a, b) => a - b).at(costs.length >> 1);
  const ms = (value: number | undefined) => (value === undefined ? "" : `${value < 10 ? value.toFixed(1) : Math.round(value)}`);
  return `| ${[step, ms(of((one) => one.longest)), ms(of((one) => one.computing)), of((one) => one.long), ms(of((one) => one.main)), ms(of((one) => one.frame)), ms(of((one) => one.frameMost)), ms(of((one) => one.pace))].join(" | ")} |`;
}

/** Everything that a person does, step by step. */
async function walk(told: (step: string, cost: Cost) => void, folder: string | undefined): Promise<void> {
  const page = await blank();
  page.setDefaultTimeout(240_000);
  if (folder) await page.route((url) => isFile(fileIn(folder, url)), (route) => route.fulfill(fileAnswer(fileIn(folder, new URL(route.request().url())))));
  const browser = await page.context().browser()?.newBrowserCDPSession();
  if (!browser) throw new Error("the browser is gone");
  const step = async (name: string, act: () => Promise<number | void>) => told(name, await traced(browser, page, act));
  const all = page.locator('.canvas[aria-label*="10000"]');
  await step("load", async () => {
    await page.goto(at(largeCanvas()));
    await all.waitFor();
  });
  const box = (await page.locator(".canvas").boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  await step("pan", () => dragged(page, box.x + 12, box.y + box.height - 12));
  await step("zoom", async () => {
    for (let at = 0; at < 6; at++) {
      await page.mouse.wheel(0, at < 3 ? -200 : 200);
      await page.waitForTimeout(120);
    }
  });
  await step("point", async () => {
    for (let at = 0; at < 12; at++) await page.mouse.move(box.x + 300 + at * 17, box.y + 350 + at * 3);
  });
  await step("drag a node", () => dragged(page, box.x + box.width / 2, box.y + box.height / 2));
  await step("lay out", async () => {
    await page.locator(".toolbar").getByRole("button", { name: "布局" }).click();
    const before = page.url().slice(0, 3_000);
    await page.getByRole("menuitemradio").first().click();
    await page.waitForURL((url) => url.href.slice(0, 3_000) !== before, { timeout: 180_000 });
  });
  await step("undo", () => page.keyboard.press("Control+z"));
  await step("redo", () => page.keyboard.press("Control+y"));
  await step("select by search", async () => {
    await page.getByRole("combobox").fill("Maker 77");
    await page.getByRole("option").first().click();
    await page.locator(".expansion").first().waitFor();
  });
  await page.getByRole("button", { name: "关闭" }).click();
  await step("switch a type off and on", async () => {
    await page.locator(".switch").first().click();
    await page.locator('.canvas[aria-label*=" 2000 "]').waitFor();
    await page.waitForTimeout(1_000);
    await page.locator(".switch").first().click();
    await all.waitFor();
  });
  await step("by night", () => page.emulateMedia({ colorScheme: "dark" }));
  await step("clear", async () => {
    await page.getByRole("button", { name: "清空" }).click();
    await page.locator(".beginnings").waitFor({ timeout: 120_000 });
  });
  await step("undo clear", async () => {
    await page.keyboard.press("Control+z");
    await all.waitFor({ timeout: 120_000 });
  });
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  console.log(`${folder ? "before" : "now"}: ${(usedSize / 1e6).toFixed(1)} MB of objects in the end`);
  await page.context().close();
}

const fileIn = (folder: string, { pathname }: URL): string => join(folder, pathname === "/" ? "index.html" : pathname);
const isFile = (path: string): boolean => existsSync(path) && statSync(path).isFile();
const fileAnswer = (path: string) => ({ body: readFileSync(path), contentType: TYPES[extname(path)] ?? "application/octet-stream" });

const MOVES = 40;

/** Drags with the mouse, as fast as the page takes it; the pace of frames meanwhile. */
async function dragged(page: Page, x: number, y: number): Promise<number> {
  await page.mouse.move(x, y);
  await page.mouse.down();
  const pace = page.evaluate<number>(FRAMES);
  for (let step = 1; step <= MOVES; step++) await page.mouse.move(x + step * 4, y - step * 2);
  await page.mouse.up();
  return pace;
}

/** The median time between frames while the mouse is dragged. */
const FRAMES = `new Promise((done) => {
  const times = [];
  let up = false;
  addEventListener("mouseup", () => (up = true), { once: true, capture: true });
  const frame = (now) => {
    times.push(now);
    if (!up) return requestAnimationFrame(frame);
    const gaps = times.slice(1).map((time, at) => time - times[at]).sort((a, b) => a - b);
    done(gaps[gaps.length >> 1] ?? 0);
  };
  requestAnimationFrame(frame);
})`;

const CATEGORIES = ["toplevel", "devtools.timeline"];

/** What the main thread did during a step, and until a while after it. */
async function traced(browser: CDPSession, page: Page, act: () => Promise<number | void>): Promise<Cost> {
  const events: TraceEvent[] = [];
  const collect = ({ value }: { value: object[] }) => void events.push(...(value as TraceEvent[]));
  browser.on("Tracing.dataCollected", collect);
  await browser.send("Tracing.start", { transferMode: "ReportEvents", traceConfig: { includedCategories: CATEGORIES } });
  const pace = await act();
  await page.waitForTimeout(1_500);
  const complete = new Promise<void>((done) => browser.once("Tracing.tracingComplete", () => done()));
  await browser.send("Tracing.end");
  await complete;
  browser.off("Tracing.dataCollected", collect);
  return summed(events, pace ?? null);
}

function summed(events: TraceEvent[], pace: number | null): Cost {
  const mains = new Set(events.filter((one) => one.name === "thread_name" && one.args.name === "CrRendererMain").map(({ pid, tid }) => `${pid} ${tid}`));
  const main = events.filter((one) => one.ph === "X" && mains.has(`${one.pid} ${one.tid}`));
  const times = (all: TraceEvent[], pick: "dur" | "tdur") => all.map((one) => (one[pick] ?? 0) / 1_000).sort((a, b) => b - a);
  const tasks = times(main.filter(({ name }) => name.endsWith("RunTask")), "dur");
  const computing = times(main.filter(({ name }) => name.endsWith("RunTask")), "tdur");
  const frames = times(main.filter(({ name }) => name === "FireAnimationFrame"), "tdur");
  return {
    longest: tasks[0] ?? 0,
    computing: computing[0] ?? 0,
    long: tasks.filter((time) => time > 100).length,
    main: computing.reduce((sum, time) => sum + time, 0),
    frame: frames[frames.length >> 1] ?? 0,
    frameMost: frames[0] ?? 0,
    pace,
  };
}
