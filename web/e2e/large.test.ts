/**
 * Does a large canvas stay light? Counted, not timed: how often all is ordered anew, how large portions of
 * work are, who is heard between them, what the layout sends. The times are in `measure/`.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { large, LARGE_IDS, largeCanvas } from "./large";
import { at, blank, moveTo, settled, visit } from "./site";

let folder = "";

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "guitu-large-"));
  const { ontology, seed } = large(folder);
  await moveTo(ontology, seed);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the page did since it was last asked. */
interface Did {
  portion: number;
  order: number;
  draw: number;
  /** How many portions were done when a task was heard that came up in the first. */
  heard: number[];
  /** Pictures read back from the graphics card. */
  read: number;
  /** Messages to workers and from them. */
  sent: number;
  got: number;
}

const COUNTING = `
  const none = () => ({ portion: 0, order: 0, draw: 0, heard: [], read: 0, sent: 0, got: 0 });
  let did = none();
  globalThis.did = () => { const all = did; did = none(); return all; };
  document.addEventListener("picture", ({ detail }) => {
    did[detail]++;
    if (detail === "portion" && did.portion === 1) setTimeout(() => did.heard.push(did.portion));
  }, true);
  for (const kind of [WebGLRenderingContext, WebGL2RenderingContext]) {
    const read = kind.prototype.readPixels;
    kind.prototype.readPixels = function (...all) { did.read++; return read.apply(this, all); };
  }
  const send = Worker.prototype.postMessage;
  Worker.prototype.postMessage = function (...all) {
    if (!this.counted) this.addEventListener("message", () => did.got++);
    this.counted = true;
    did.sent++;
    return send.apply(this, all);
  };
`;

const did = (page: Page): Promise<Did> => page.evaluate(() => (globalThis as unknown as { did: () => Did }).did());

/** A page with a canvas, and counters from its beginning. */
async function counted(hash: string): Promise<Page> {
  const page = await blank();
  await page.addInitScript(COUNTING);
  await page.goto(at(hash));
  return page;
}

/** The canvas tells how much it shows; then it has been drawn. */
async function shows(page: Page, nodes: number, edges: number): Promise<void> {
  await page.locator(`.canvas[aria-label*=" ${nodes} "][aria-label*=" ${edges} "]`).waitFor();
  await rest(page);
}

/** Until nothing is drawn any more. */
async function rest(page: Page): Promise<void> {
  await page.evaluate(() => new Promise<void>((done) => {
    let timer = setTimeout(done, 600);
    document.addEventListener("picture", () => (clearTimeout(timer), (timer = setTimeout(done, 600))), true);
  }));
}

describe("five thousand nodes and ten thousand edges", () => {
  it("are drawn, cleared and brought back portion by portion, and ordered once", async () => {
    const page = await counted(largeCanvas());
    await shows(page, 5_000, 10_000);
    expect(await page.getByText("节点已超过 2,000 个").isVisible()).toBe(true);
    await did(page);
    await page.getByRole("button", { name: "清空" }).click();
    await shows(page, 0, 0);
    const cleared = await did(page);
    expect(cleared.portion).toBeGreaterThanOrEqual(10);
    expect(cleared.order).toBeLessThanOrEqual(3);
    await page.keyboard.press("Control+z");
    await shows(page, 5_000, 10_000);
    const undone = await did(page);
    expect(undone.portion).toBeGreaterThanOrEqual(15);
    expect(undone.order).toBeLessThanOrEqual(4);
    expect(Math.min(...undone.heard)).toBeLessThan(3);
  });

  it("are switched off and on, and chosen from, without drawing what has not changed", async () => {
    const page = await counted(largeCanvas());
    await shows(page, 5_000, 10_000);
    await did(page);
    await page.getByRole("button", { name: /^零件\s*3,000/ }).click();
    await shows(page, 2_000, 2_000);
    expect((await did(page)).order).toBeLessThanOrEqual(3);
    await page.getByRole("combobox").fill("Maker 77");
    await page.getByRole("option").first().click();
    await page.locator(".expansion").first().waitFor();
    await page.getByRole("application").press("ArrowRight");
    await rest(page);
    const chosen = await did(page);
    expect(chosen.portion).toBe(0);
    expect(chosen.order).toBeLessThanOrEqual(3);
  });

  it("are shifted while the camera moves, and drawn when it rests", async () => {
    const page = await counted(largeCanvas());
    await shows(page, 5_000, 10_000);
    await did(page);
    expect(await page.evaluate(DRAG)).toEqual({ shifted: 30, drawn: 0 });
    await rest(page);
    const { draw, order, read } = await did(page);
    expect([draw > 0, draw < 20, order, read]).toEqual([true, true, 0, 0]);
    expect(await page.evaluate(() => [...document.querySelectorAll<HTMLElement>(".canvas canvas")].map((layer) => layer.style.transform).join(""))).toBe("");
  });

  it("are laid out by a worker that sends only what is asked for", async () => {
    const page = await counted(largeCanvas(LARGE_IDS.slice(0, 2_400)));
    await page.locator('.canvas[aria-label*=" 2400 "]').waitFor();
    await rest(page);
    await did(page);
    const before = page.url();
    await page.locator(".toolbar").getByRole("button", { name: "布局" }).click();
    await page.getByRole("menuitemradio").first().click();
    await page.waitForURL((url) => url.href !== before);
    expect(page.workers()).toHaveLength(1);
    const { sent, got, portion } = await did(page);
    expect(got).toBeGreaterThan(0);
    expect(got).toBeLessThanOrEqual(sent + 1);
    expect(portion).toBeLessThanOrEqual(2 * Math.ceil(2_400 + 4_200 / 1_000));
  });
});

/** Thirty moves of a pressed mouse in one task: each shifts the layers, none draws. */
const DRAG = `(() => {
  const stage = document.querySelector(".canvas .sigma-mouse");
  const { left, bottom } = stage.getBoundingClientRect();
  const send = (type, step) => stage.dispatchEvent(new MouseEvent(type, { clientX: left + 8 + step * 3, clientY: bottom - 8 - step, buttons: 1, bubbles: true, cancelable: true, composed: true }));
  globalThis.did();
  send("mousedown", 0);
  let shifted = 0;
  for (let step = 1; step <= 30; step++) {
    send("mousemove", step);
    const shift = /translate\\(([-\\d.]+)px/.exec(document.querySelector(".sigma-nodes").style.transform);
    if (shift && Math.round(shift[1]) === step * 3) shifted++;
  }
  const drawn = globalThis.did().draw;
  send("mouseup", 30);
  return { shifted, drawn };
})()`;

describe("what lies under the pointer", () => {
  it("is opened by a click and pinned by dragging, without reading pictures back", async () => {
    const page = await counted("#/graph?nodes=Maker:7~0~0!Maker:108~400~0!Maker:309~-400~0");
    await page.locator('.canvas[aria-label*=" 3 "]').waitFor();
    await rest(page);
    const middle = async (): Promise<[number, number]> => {
      const box = (await page.locator(".canvas").boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
      return [box.x + box.width / 2, box.y + box.height / 2];
    };
    const [x, y] = await middle();
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 30, y + 10);
    await page.mouse.move(x + 60, y + 20);
    await page.mouse.up();
    await settled(page, /Maker:7~-?\d+~-?\d+~p/);
    await rest(page);
    await page.mouse.click(x + 60, y + 20);
    await page.getByRole("heading", { level: 1, name: "Maker 7" }).waitFor();
    expect((await did(page)).read).toBe(0);
  });

  it("stays so after a reload, at the same place", async () => {
    const page = await visit("#/graph?nodes=Maker:7~12~34~p");
    await page.locator('.canvas[aria-label*=" 1 "]').waitFor();
    expect(await settled(page, /Maker:7/)).toContain("Maker:7~12~34~p");
  });
});
