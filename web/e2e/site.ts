/** Where do the tests browse? The real binary over the bundled graph, and Chromium without a window. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";

const REPOSITORY = resolve(import.meta.dirname, "../..");
const BINARY = resolve(REPOSITORY, process.env.GUITU ?? "target/debug/guitu");
export const SCREENSHOTS = join(import.meta.dirname, "screenshots");

/** So that nothing but the page is asked for, and pictures are drawn without a graphics card. */
const FLAGS = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"];

export interface Visit {
  language?: "zh" | "en";
  dark?: boolean;
  width?: number;
  height?: number;
}

const servers: ChildProcess[] = [];
let browser: Browser;
let home = "";
let data = "";
let wrong: string[] = [];
const open: Page[] = [];

beforeAll(async () => {
  mkdirSync(SCREENSHOTS, { recursive: true });
  data = mkdtempSync(join(tmpdir(), "guitu-site-"));
  home = await serve("bundled", []);
  const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
  browser = await chromium.launch({ args: FLAGS, ...(executablePath && { executablePath }) });
});

afterAll(async () => {
  await browser?.close();
  servers.forEach((server) => server.kill("SIGTERM"));
  rmSync(data, { recursive: true, force: true });
});

/** Whatever a test does: no error in the console, no request to another host. */
afterEach(async () => {
  await Promise.all(open.splice(0).map((page) => page.context().close()));
  const told = wrong;
  wrong = [];
  expect(told).toEqual([]);
});

/** Another world for the tests that follow: an ontology and data that the page has never seen. */
export async function moveTo(ontology: string, seed: string): Promise<void> {
  home = await serve(`other${servers.length}`, ["--ontology", ontology, "--seed", seed]);
}

function serve(name: string, more: string[]): Promise<string> {
  const server = spawn(BINARY, ["serve", "--listen", "127.0.0.1:0", "--data", join(data, name), ...more], { cwd: REPOSITORY, stdio: ["ignore", "pipe", "pipe"] });
  servers.push(server);
  return address(server);
}

/** The server prints where it answers once it does. */
function address(process: ChildProcess): Promise<string> {
  return new Promise((done, failed) => {
    let said = "";
    const listen = (chunk: Buffer) => {
      said += chunk.toString();
      const found = /answers on (http:\/\/\S+)/.exec(said)?.[1];
      if (found) done(found);
    };
    process.stdout?.on("data", listen);
    process.stderr?.on("data", listen);
    process.once("error", failed);
    process.once("exit", () => failed(new Error(`the server ended: ${said}`)));
  });
}

/** A page of its own: nothing is kept from one test to the next. */
export async function visit(hash: string, how: Visit = {}): Promise<Page> {
  const page = await blank(how);
  await page.goto(at(hash));
  return page;
}

/** Where a view of this server is. */
export const at = (hash: string): string => (hash.startsWith("#") ? `${home}${hash}` : new URL(hash, home).href);

/** A page on which nothing is yet. */
export async function blank({ language = "zh", dark = false, width = 1280, height = 820 }: Visit = {}): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width, height },
    locale: language === "zh" ? "zh-CN" : "en-GB",
    colorScheme: dark ? "dark" : "light",
    permissions: ["clipboard-read", "clipboard-write"],
    acceptDownloads: true,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.on("console", (message) => message.type() === "error" && wrong.push(message.text()));
  page.on("pageerror", (error) => wrong.push(error.message));
  page.on("request", (request) => foreign(request.url()) && wrong.push(request.url()));
  open.push(page);
  return page;
}

function foreign(url: string): boolean {
  return /^(https?|wss?):/.test(url) && new URL(url).host !== new URL(home).host;
}

/** Waits until the address says something: the view has settled there. */
export async function settled(page: Page, pattern: RegExp): Promise<string> {
  await page.waitForURL((url) => pattern.test(decodeURIComponent(url.hash)));
  return decodeURIComponent(new URL(page.url()).hash);
}

/** The nodes in an address, with their places. */
export function nodesIn(hash: string): string[] {
  return /nodes=([^&]*)/.exec(hash)?.[1]?.split("!") ?? [];
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Serious and critical ones, by axe; which stumbles over what is drawn anew while it looks, and then looks again. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const look = () => page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { axe: { run: () => Promise<{ violations: { id: string; impact: string; nodes: { target: string[]; failureSummary: string }[] }[] }> } }).axe.run();
    const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
    return grave.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => `${node.target.join(" ")} ${node.failureSummary}`).join("; ")}`);
  });
  return look().catch(look);
}

/** Two frames after the last answer: the canvas has drawn what it has. */
export async function drawn(page: Page): Promise<void> {
  await page.waitForLoadState("networkidle");
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}
