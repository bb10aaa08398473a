/** How does an export reach the person? As a file that the browser saves; pictures are drawn from SVG. */

import { xml } from "./model";

export function save(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

const SHARP = 2;

/** The picture that an SVG describes, twice as sharp as it is large. */
export async function png(text: string): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const sheet = document.createElement("canvas");
    [sheet.width, sheet.height] = [image.naturalWidth * SHARP, image.naturalHeight * SHARP];
    sheet.getContext("2d")?.drawImage(image, 0, 0, sheet.width, sheet.height);
    return await new Promise((done, failed) => sheet.toBlob((blob) => (blob ? done(blob) : failed(new Error("no picture"))), "image/png"));
  } finally {
    URL.revokeObjectURL(url);
  }
}

const STYLES = ["fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "opacity", "text-anchor", "paint-order", "vector-effect"];

/** A drawing of the page as a file of its own: what the style sheet says is written into it. */
function standalone(drawing: SVGSVGElement): string {
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  const [from, to] = [[drawing, ...drawing.querySelectorAll("*")], [copy, ...copy.querySelectorAll("*")]];
  from.forEach((element, at) => {
    const style = getComputedStyle(element);
    for (const name of STYLES) to[at]?.setAttribute(name, style.getPropertyValue(name));
    if (element.tagName === "text") for (const name of ["font-family", "font-size", "font-weight"]) to[at]?.setAttribute(name, style.getPropertyValue(name));
  });
  const ground = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  ground.setAttribute("width", "100%");
  ground.setAttribute("height", "100%");
  ground.setAttribute("fill", getComputedStyle(drawing.parentElement ?? drawing).backgroundColor);
  copy.prepend(ground);
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  return new XMLSerializer().serializeToString(copy);
}

/** Draws the map or the timeline that is on the page, if there is one. */
export function drawn(): (() => string) | null {
  const map = document.querySelector<SVGSVGElement>(".sheet-map > svg");
  const line = document.querySelector<HTMLElement>(".timeline");
  return map ? () => standalone(map) : line && (() => asSvg(line));
}

/** The texts and bars of a timeline, where they stand. */
function asSvg(holder: HTMLElement): string {
  const { left, top } = holder.getBoundingClientRect();
  const shape = (element: Element): string => {
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    const [x, y] = [box.left - left + holder.scrollLeft, box.top - top + holder.scrollTop];
    if (element.matches(".span")) return `<rect x="${x}" y="${y}" width="${box.width}" height="${box.height}" rx="5" fill="${style.getPropertyValue("--dot")}"/>`;
    return `<text x="${x}" y="${y + box.height * 0.72}" fill="${style.color}" font-size="${style.fontSize}">${xml(element.textContent ?? "")}</text>`;
  };
  const shapes = [...holder.querySelectorAll(".tick, .name, .span, .told")].map(shape).join("\n");
  const [width, height] = [holder.scrollWidth, holder.scrollHeight];
  const { backgroundColor, fontFamily } = getComputedStyle(holder);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="${xml(fontFamily)}"><rect width="100%" height="100%" fill="${backgroundColor}"/>\n${shapes}\n</svg>\n`;
}
