/**
 * How does sigma draw thousands and stay light? Here is what is set up differently from its defaults:
 * shaders are made when first used, what lies under the pointer is computed and not read back from the
 * graphics card, changes of the graph are told by the picture and not one by one, and a heavy picture is
 * shifted while the camera moves, as maps do, and drawn anew when it rests. Not for what is drawn.
 */
import { createEdgeCurveProgram, EdgeCurvedArrowProgram } from "@sigma/edge-curve";
import { createNodeBorderProgram } from "@sigma/node-border";
import type { AbstractGraph } from "graphology-types";
import Sigma from "sigma";
import { EdgeArrowProgram, EdgeLineProgram, NodeCircleProgram, type EdgeProgramType, type NodeProgramType } from "sigma/rendering";
import type { Settings } from "sigma/settings";
import type { CameraState, Coordinates } from "sigma/types";

/** Parts of sigma that it keeps to itself. Its version is exact, and the tests in a browser use all of them. */
interface Inner {
  elements: Record<string, HTMLElement>;
  settings: Settings;
  displayedNodeLabels: Set<string>;
  getNodeAtPosition: (at: Coordinates) => string | null;
  updateNode: (id: string) => void;
  updateEdge: (id: string) => void;
  removeNode: (id: string) => void;
  removeEdge: (id: string) => void;
}

/** The layers that are empty as long as nothing is pointed at or selected. */
const OVERLAYS = ["edgeLabels", "hovers", "hoverNodes"];

/** How long the camera must rest, in milliseconds, before a shifted picture is drawn anew. */
const REST = 140;
/** How far a picture is shifted at most, as a part of its size, and how much it is stretched. */
const FAR = 0.4;
const STRETCH = 1.6;

export const PROGRAMS = {
  nodes: {
    node: lazily(createNodeBorderProgram({ borders: [{ size: { attribute: "borderSize", defaultValue: 0.1 }, color: { attribute: "border" } }, { size: { fill: true }, color: { attribute: "color" } }] })),
    circle: lazily(NodeCircleProgram),
  },
  edges: { arrow: lazily(EdgeArrowProgram), curved: lazily(EdgeCurvedArrowProgram), loop: lazily(createEdgeCurveProgram()), line: lazily(EdgeLineProgram) },
};

/** How many names are written in a cell of the picture, and how many when there is much to draw. */
export const NAMES = 1.1;
const FEW_NAMES = 0.5;

export class Stage extends Sigma {
  private heavy = false;
  private drawnFrom: CameraState | null = null;
  private rest: ReturnType<typeof setTimeout> | undefined;
  private readonly inner = this as unknown as Inner;

  constructor(graph: AbstractGraph, holder: HTMLElement, settings: Partial<Settings>, nodeAt: (at: Coordinates) => string | null) {
    super(graph as never, holder, settings);
    (graph as unknown as { removeAllListeners: () => void }).removeAllListeners();
    this.inner.getNodeAtPosition = nodeAt;
    this.getCamera().removeAllListeners("updated");
    this.getCamera().on("updated", () => this.follow());
    this.on("beforeRender", () => this.settle());
    this.overlay(false);
  }

  /** Without a second, hidden picture to read back from. */
  override createWebGLContext(id: string, options: object = {}): WebGLRenderingContext {
    return super.createWebGLContext(id, { ...options, picking: false });
  }

  /** A heavy picture has fewer names, and is shifted while the camera moves. */
  lighten(heavy: boolean): void {
    this.heavy = heavy;
    this.inner.settings.labelDensity = heavy ? FEW_NAMES : NAMES;
  }

  /** Takes over how these nodes and edges look; `show` shows it. */
  take(nodes: Iterable<string>, edges: Iterable<string>): void {
    for (const id of nodes) this.inner.updateNode(id);
    for (const id of edges) this.inner.updateEdge(id);
  }

  /** Forgets nodes and edges that the graph has no longer. */
  forget(nodes: Iterable<string>, edges: Iterable<string>): void {
    for (const id of edges) this.inner.removeEdge(id);
    for (const id of nodes) this.inner.removeNode(id);
    this.inner.displayedNodeLabels.clear();
  }

  /** Shows in the next frame what was taken over, and where the nodes are now. */
  show(): void {
    this.refresh({ partialGraph: {}, schedule: true });
  }

  /** Shows in the next frame one node where it is now, without ordering all anew. */
  showOne(id: string): void {
    this.refresh({ partialGraph: { nodes: [id], edges: this.getGraph().edges(id) }, skipIndexation: true, schedule: true });
  }

  /** Whether the layers of what is pointed at or selected are there: each costs, even when empty. */
  overlay(there: boolean): void {
    for (const name of OVERLAYS) this.layer(name, "display", there ? "" : "none");
  }

  private layer(name: string, property: "display" | "transform", value: string): void {
    const style = this.inner.elements[name]?.style;
    if (style && style[property] !== value) style[property] = value;
  }

  private layers(transform: string): void {
    for (const name of Object.keys(this.inner.elements)) if (name !== "mouse") this.layer(name, "transform", transform);
  }

  /** The camera moved: the picture is drawn anew, or what is there is shifted. */
  private follow(): void {
    const shift = this.heavy && this.drawnFrom ? this.shiftFrom(this.drawnFrom) : null;
    clearTimeout(this.rest);
    if (!shift) return void this.scheduleRender();
    this.layers(shift);
    this.rest = setTimeout(() => this.scheduleRender(), REST);
  }

  /** From how the camera stood when the picture was drawn to how it stands; null where that is too far. */
  private shiftFrom(before: CameraState): string | null {
    const { width, height } = this.getDimensions();
    const at = (x: number, y: number) => this.framedGraphToViewport(this.viewportToFramedGraph({ x, y }, { cameraState: before }), { cameraState: this.getCamera().getState() });
    const [start, end] = [at(0, 0), at(width, 0)];
    const scale = (end.x - start.x) / width;
    const [aside, down] = [start.x + ((scale - 1) * width) / 2, start.y + ((scale - 1) * height) / 2];
    if (Math.abs(aside) > FAR * width || Math.abs(down) > FAR * height || scale > STRETCH || scale < 1 / STRETCH) return null;
    return `translate(${start.x}px, ${start.y}px) scale(${scale})`;
  }

  /** A new picture is about to be drawn: it stands where it belongs. */
  private settle(): void {
    clearTimeout(this.rest);
    this.drawnFrom = this.getCamera().getState();
    this.layers("");
  }

  override kill(): void {
    clearTimeout(this.rest);
    super.kill();
  }
}

type AnyProgram = { reallocate: (count: number) => void; process: (...all: unknown[]) => void; render: (how: unknown) => void; kill: () => void; drawLabel?: unknown; drawHover?: unknown };

/** A program whose shaders are made when it first has something to draw. */
function lazily<T extends NodeProgramType | EdgeProgramType>(Program: T): T {
  class Lazy {
    private made: AnyProgram | null = null;
    private readonly make: () => AnyProgram;

    constructor(...given: unknown[]) {
      this.make = () => new (Program as unknown as new (...all: unknown[]) => AnyProgram)(...given);
    }

    get drawLabel(): unknown {
      return this.made?.drawLabel;
    }

    get drawHover(): unknown {
      return this.made?.drawHover;
    }

    reallocate(count: number): void {
      if (count > 0) this.made ??= this.make();
      this.made?.reallocate(count);
    }

    process(...all: unknown[]): void {
      this.made?.process(...all);
    }

    render(how: unknown): void {
      this.made?.render(how);
    }

    kill(): void {
      this.made?.kill();
    }
  }
  return Lazy as unknown as T;
}
