/**
 * How is the canvas drawn? sigma on a graphology graph: this file knows both, and nothing else does.
 * It is told what to show and says what a person did with the pointer; it decides nothing.
 */
import { createEdgeCurveProgram, EdgeCurvedArrowProgram, indexParallelEdgesIndex } from "@sigma/edge-curve";
import { createNodeBorderProgram } from "@sigma/node-border";
import { MultiDirectedGraph } from "graphology";
import type { Attributes } from "graphology-types";
import Sigma from "sigma";
import { EdgeArrowProgram } from "sigma/rendering";
import type { EdgeDisplayData, NodeDisplayData } from "sigma/types";
import { mix } from "../../model/color";
import type { Edge } from "../../model/record";
import { drawHover, drawLabel, type Inks } from "./labels";

export interface DrawnNode {
  id: string;
  label: string;
  color: string;
  size: number;
  x: number;
  y: number;
  pinned: boolean;
}

export interface DrawnEdge extends Edge {
  label: string;
  color: string | null;
}

export interface Gestures {
  open: (id: string) => void;
  choose: (id: string, more: boolean) => void;
  nothing: () => void;
  expand: (id: string) => void;
  moved: (id: string, x: number, y: number) => void;
}

type Shown = Partial<NodeDisplayData> & { border: string };

/** With more edges than this, they are not drawn while the camera moves. */
const MANY = 4_000;

const CURVE = 0.22;
/** How far the colours of edges go back, so that nodes and names stand out. */
const SOFT = 0.45;

export class Picture {
  private readonly graph = new MultiDirectedGraph();
  private readonly sigma: Sigma;
  private selected = new Set<string>();
  private lit = new Set<string>();
  private hovered: string | null = null;
  private dragged: string | null = null;

  constructor(
    holder: HTMLElement,
    private readonly gestures: Gestures,
    private inks: Inks,
  ) {
    this.sigma = new Sigma(this.graph, holder, {
      allowInvalidContainer: true,
      defaultNodeType: "node",
      nodeProgramClasses: { node: createNodeBorderProgram({ borders: [{ size: { attribute: "borderSize", defaultValue: 0.1 }, color: { attribute: "border" } }, { size: { fill: true }, color: { attribute: "color" } }] }) },
      defaultEdgeType: "arrow",
      edgeProgramClasses: { arrow: EdgeArrowProgram, curved: EdgeCurvedArrowProgram, loop: createEdgeCurveProgram() },
      renderEdgeLabels: true,
      labelFont: inks.font,
      labelSize: 12.5,
      labelDensity: 1.1,
      labelGridCellSize: 74,
      labelRenderedSizeThreshold: 5,
      edgeLabelFont: inks.font,
      edgeLabelSize: 11,
      zIndex: true,
      minCameraRatio: 0.03,
      maxCameraRatio: 6,
      stagePadding: 60,
      defaultDrawNodeLabel: (context, data, settings) => drawLabel(context, data, settings, this.inks),
      defaultDrawNodeHover: (context, data, settings) => drawHover(context, data, settings, this.inks),
      nodeReducer: (id, data) => this.nodeLook(id, data as unknown as Shown),
      edgeReducer: (id, data) => this.edgeLook(id, data),
    });
    this.listen();
    this.seekOnlyAtRest(holder);
  }

  /**
   * Which node lies under the pointer is read back from the graphics card, which takes as long as a whole
   * picture. While a person drags the canvas nobody asks, so sigma is told that there is none.
   */
  private seekOnlyAtRest(holder: HTMLElement): void {
    const sigma = this.sigma as unknown as { getNodeAtPosition: (at: unknown) => string | null };
    const seek = sigma.getNodeAtPosition.bind(this.sigma);
    let dragging = false;
    holder.addEventListener("pointermove", ({ buttons }) => (dragging = buttons !== 0), true);
    holder.addEventListener("pointerup", () => (dragging = false), true);
    sigma.getNodeAtPosition = (at) => (dragging ? null : seek(at));
  }

  /** Makes the picture show exactly this; what has not changed is not touched. */
  draw(nodes: readonly DrawnNode[], edges: readonly DrawnEdge[], selected: readonly string[]): void {
    const ids = new Set(nodes.map((node) => node.id));
    const edgeIds = new Set(edges.map((edge) => edge.id));
    const before = this.graph.size;
    for (const id of this.graph.edges()) if (!edgeIds.has(id)) this.graph.dropEdge(id);
    for (const id of this.graph.nodes()) if (!ids.has(id)) this.graph.dropNode(id);
    const dropped = this.graph.size < before;
    for (const node of nodes) this.putNode(node);
    const fresh = edges.filter((edge) => this.putEdge(edge));
    if (dropped || fresh.length) this.curveParallels();
    this.sigma.setSetting("hideEdgesOnMove", edges.length > MANY);
    this.selected = new Set(selected);
    this.sigma.refresh();
  }

  private putNode({ id, ...look }: DrawnNode): void {
    const known = this.graph.hasNode(id) ? this.graph.getNodeAttributes(id) : null;
    const same = known && Object.entries(look).every(([name, value]) => known[name] === value);
    if (!same) this.graph.mergeNode(id, { ...look, borderSize: look.pinned ? 0.26 : 0.09 });
  }

  /** Whether the edge is new. */
  private putEdge({ id, source, target, type, label, color }: DrawnEdge): boolean {
    const look = { kind: type, name: label, tint: color, size: 1.4 };
    if (!this.graph.hasEdge(id)) return Boolean(this.graph.addDirectedEdgeWithKey(id, source, target, look));
    const known = this.graph.getEdgeAttributes(id);
    if (known.name !== label || known.tint !== color) this.graph.mergeEdgeAttributes(id, look);
    return false;
  }

  private curveParallels(): void {
    indexParallelEdgesIndex(this.graph, { edgeIndexAttribute: "nth", edgeMinIndexAttribute: "least", edgeMaxIndexAttribute: "most" });
    this.graph.forEachEdge((id, data, source, target) => {
      const nth = data.nth as number | null;
      const bend = nth === null || nth === undefined ? 0 : (nth === 0 ? 1 : nth) * CURVE;
      const look = source === target ? { type: "loop", curvature: 1 } : { type: bend ? "curved" : "arrow", curvature: bend };
      this.graph.mergeEdgeAttributes(id, look);
    });
  }

  /** Moves nodes without anything else: the layout is at work. */
  place(ids: readonly string[], places: Float32Array): void {
    const at = new Map(ids.map((id, index) => [id, index * 2]));
    const moved = (id: string, data: Attributes): Attributes => {
      const index = at.get(id);
      return index === undefined || id === this.dragged ? data : { ...data, x: places[index] ?? 0, y: places[index + 1] ?? 0 };
    };
    this.graph.updateEachNodeAttributes(moved, { attributes: ["x", "y"] });
  }

  /** Other colours: the theme changed. */
  ink(inks: Inks): void {
    this.inks = inks;
    this.sigma.refresh();
  }

  fit(): void {
    this.sigma.setCustomBBox(null);
    void this.sigma.getCamera().animatedReset({ duration: 250 });
  }

  zoom(inwards: boolean): void {
    const camera = this.sigma.getCamera();
    void (inwards ? camera.animatedZoom({ duration: 150 }) : camera.animatedUnzoom({ duration: 150 }));
  }

  /** Brings a node to the middle, if it is out of sight. */
  reveal(id: string): void {
    const at = this.sigma.getNodeDisplayData(id);
    if (!at) return;
    const { x, y } = this.sigma.framedGraphToViewport(at);
    const { width, height } = this.sigma.getDimensions();
    if (x > 40 && y > 40 && x < width - 40 && y < height - 40) return;
    void this.sigma.getCamera().animate({ x: at.x, y: at.y }, { duration: 250 });
  }

  resize(): void {
    this.sigma.resize();
    this.sigma.refresh();
  }

  end(): void {
    this.sigma.kill();
  }

  private nodeLook(id: string, data: Shown): Partial<NodeDisplayData> {
    const focus = this.hovered ?? null;
    const near = !focus || this.lit.has(id);
    const look = { ...data, border: (data as { pinned?: boolean }).pinned ? this.inks.ink : this.inks.paper, zIndex: near ? 1 : 0 };
    if (this.selected.has(id)) return { ...look, highlighted: true, forceLabel: true, zIndex: 2 };
    return near ? { ...look, forceLabel: focus !== null } : { ...look, color: this.inks.faded, label: null };
  }

  private edgeLook(id: string, data: Record<string, unknown>): Partial<EdgeDisplayData> {
    const [source, target] = this.graph.extremities(id) as [string, string];
    const focus = this.hovered;
    const own = focus ? source === focus || target === focus : this.selected.size === 1 && (this.selected.has(source) || this.selected.has(target));
    const between = this.selected.has(source) && this.selected.has(target);
    const color = (data.tint as string | null) ?? this.inks.edge;
    if (own || between) return { ...data, color, label: data.name as string, forceLabel: true, size: between ? 3 : 2, zIndex: 1 };
    return { ...data, color: focus ? this.inks.faded : mix(color, this.inks.paper, SOFT), label: null, zIndex: 0 };
  }

  private hover(id: string | null): void {
    this.hovered = id;
    this.lit = new Set(id && this.graph.hasNode(id) ? [id, ...this.graph.neighbors(id)] : []);
    this.sigma.refresh({ skipIndexation: true });
  }

  private listen(): void {
    const { sigma, gestures } = this;
    let moved = false;
    sigma.on("enterNode", ({ node }) => this.dragged || this.hover(node));
    sigma.on("leaveNode", () => this.dragged || this.hover(null));
    sigma.on("clickNode", ({ node, event }) => {
      if (moved) return;
      const { shiftKey, ctrlKey, metaKey } = event.original as MouseEvent;
      const more = shiftKey || ctrlKey || metaKey;
      gestures.choose(node, more);
      if (!more) gestures.open(node);
    });
    sigma.on("doubleClickNode", (event) => {
      event.preventSigmaDefault();
      gestures.expand(event.node);
    });
    sigma.on("clickStage", () => gestures.nothing());
    sigma.on("downNode", ({ node }) => {
      this.dragged = node;
      moved = false;
      if (!sigma.getCustomBBox()) sigma.setCustomBBox(sigma.getBBox());
    });
    sigma.on("moveBody", ({ event, preventSigmaDefault }) => {
      if (!this.dragged) return;
      moved = true;
      this.graph.mergeNodeAttributes(this.dragged, sigma.viewportToGraph(event));
      preventSigmaDefault();
      event.original.preventDefault();
    });
    const drop = () => {
      if (this.dragged && moved) {
        const { x, y } = this.graph.getNodeAttributes(this.dragged) as { x: number; y: number };
        gestures.moved(this.dragged, x, y);
      }
      this.dragged = null;
    };
    sigma.on("upNode", drop);
    sigma.on("upStage", drop);
  }
}
