/** How are names written on the canvas? Below the node, with a halo, in the colours of the theme. */
import type { Settings } from "sigma/settings";
import type { NodeDisplayData, PartialButFor } from "sigma/types";

/** The colours of the canvas. */
export interface Inks {
  ink: string;
  paper: string;
  edge: string;
  faded: string;
  accent: string;
  font: string;
}

type Labelled = PartialButFor<NodeDisplayData, "x" | "y" | "size" | "label" | "color">;

export function drawLabel(context: CanvasRenderingContext2D, data: Labelled, settings: Settings, inks: Inks): void {
  if (data.label) write(context, data, settings, inks, "500");
}

/** A node that is pointed at or selected: a ring, and its name above everything. */
export function drawHover(context: CanvasRenderingContext2D, data: Labelled, settings: Settings, inks: Inks): void {
  context.beginPath();
  context.arc(data.x, data.y, data.size + 4, 0, Math.PI * 2);
  context.lineWidth = 2.5;
  context.strokeStyle = inks.accent;
  context.stroke();
  if (data.label) write(context, data, settings, inks, "700");
}

const LONGEST = 22;

function write(context: CanvasRenderingContext2D, data: Labelled, settings: Settings, inks: Inks, weight: string): void {
  const text = shortened(data.label ?? "");
  context.font = `${weight} ${settings.labelSize}px ${settings.labelFont}`;
  context.textAlign = "center";
  context.textBaseline = "top";
  context.lineJoin = "round";
  context.lineWidth = 4;
  context.strokeStyle = inks.paper;
  context.fillStyle = inks.ink;
  context.strokeText(text, data.x, data.y + data.size + 4);
  context.fillText(text, data.x, data.y + data.size + 4);
  context.textAlign = "start";
  context.textBaseline = "alphabetic";
}

const shortened = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text);

/** The theme's colours as the style sheet has them. */
export function inksOf(element: HTMLElement): Inks {
  const style = getComputedStyle(element);
  const of = (name: string) => style.getPropertyValue(name).trim();
  return { ink: of("--ink"), paper: of("--paper"), edge: of("--edge"), faded: of("--faded"), accent: of("--accent"), font: of("--sans") };
}
