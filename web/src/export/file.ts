/** How does an export reach the person? As a file that the browser saves; pictures are drawn from SVG. */

export function save(name: string, type: string, content: string | Blob): void {
  const url = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
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
export function standalone(drawing: SVGSVGElement): string {
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
