/**
 * How is the canvas drawn? sigma on a graphology graph: this file knows both, and nothing else does.
 * It is told what to show and says what a person did with the pointer; it decides nothing.
 */
import { indexParallelEdgesIndex } from "@sigma/edge-curve";
import { MultiDirectedGraph } from "graphology";
import type { Attributes } from "graphology-types";
import type { Coordinates, EdgeDisplayData, NodeDisplayData } from "sigma/types";
import { inPortions, PORTION } from "../../layout/portions";
import { mix } from "../../model/color";
import type { Edge } from "../../model/record";
import { drawHover, drawLabel, type Inks } from "./labels";
import { NAMES, PROGRAMS, Stage } from "./stage";

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

/** With more nodes or edges than this a picture is heavy: plain lines and discs, fewer names, nothing fades. */
const HEAVY = 1_500;

const CURVE = 0.22;
/** How far the colours of edges go back, so that nodes and names stand out. */
const SOFT = 0.45;

/** What the picture does, told to its element as the event `picture`: the tests count these. */
export type Doing = "portion" | "order" | "draw";

export class Picture {
  private readonly graph = new MultiDirectedGraph();
  private readonly stage: Stage;
  private inks: Inks;
  private wanted: { nodes: readonly DrawnNode[]; edges: readonly DrawnEdge[] } = { nodes: [], edges: [] };
  private stop = (): void => undefined;
  private heavy = false;
  /** By how much nodes are drawn smaller, because there are many. */
  private shrunk = 1;
  /** Whether all nodes and edges look otherwise than they are drawn. */
  private stale = false;
  private softened = new Map<string, string>();
  private selected = new Set<string>();
  private lit = new Set<string>();
  private hovered: string | null = null;
  private dragged: string | null = null;
  private dragging = false;

  constructor(
    private readonly holder: HTMLElement,
    private readonly gestures: Gestures,
    inks: Inks,
  ) {
    this.inks = inks;
    this.stage = new Stage(this.graph, holder, {
      allowInvalidContainer: true,
      defaultNodeType: "node",
      nodeProgramClasses: PROGRAMS.nodes,
      defaultEdgeType: "arrow",
      edgeProgramClasses: PROGRAMS.edges,
      renderEdgeLabels: true,
      labelFont: inks.font,
      labelSize: 12.5,
      labelDensity: NAMES,
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
    }, (at) => this.nodeAt(at));
    this.listen();
  }

  private tell(doing: Doing): void {
    this.holder.dispatchEvent(new CustomEvent("picture", { detail: doing }));
  }

  /** Which node lies at a point of the stage: the one whose middle is nearest, in parts of its size. Nobody asks while the canvas is dragged. */
  private nodeAt(at: Coordinates): string | null {
    if (this.dragging) return null;
    const { x, y } = this.stage.viewportToGraph(at);
    const unit = Math.abs(this.stage.viewportToGraph({ x: at.x + 1, y: at.y }).x - x);
    const reach = unit * this.stage.scaleSize(this.shrunk);
    let [best, least]: [string | null, number] = [null, 1];
    this.graph.forEachNode((id, data) => {
      const away = Math.hypot((data.x as number) - x, (data.y as number) - y) / ((data.size as number) * reach);
      if (away <= least) [best, least] = [id, away];
    });
    return best;
  }

  /** Makes the picture show exactly this, portion by portion; what has not changed is not touched. */
  draw(nodes: readonly DrawnNode[], edges: readonly DrawnEdge[]): void {
    this.wanted = { nodes, edges };
    this.weigh(nodes.length, edges.length);
    this.stop();
    this.stop = inPortions(this.steps(nodes, edges), () => this.tell("portion"));
  }

  /** A heavy picture is drawn more simply, and smaller by whole steps. */
  private weigh(nodes: number, edges: number): void {
    const heavy = Math.max(nodes, edges) > HEAVY;
    const shrunk = nodes > HEAVY ? Math.max(0.3, Math.ceil(10 * Math.sqrt(HEAVY / nodes)) / 12) : 1;
    if (heavy === this.heavy && shrunk === this.shrunk) return;
    [this.heavy, this.shrunk, this.stale] = [heavy, shrunk, true];
    this.stage.lighten(heavy);
  }

  private *steps(nodes: readonly DrawnNode[], edges: readonly DrawnEdge[]): Generator<void> {
    let count = 0;
    for (const node of nodes) {
      this.putNode(node);
      if (++count % PORTION === 0) yield;
    }
    for (const edge of edges) {
      this.putEdge(edge);
      if (++count % PORTION === 0) yield;
    }
    yield* this.drop(new Set(nodes.map((node) => node.id)), new Set(edges.map((edge) => edge.id)));
    if (!this.heavy) this.curveParallels();
    this.stale = false;
    this.stage.show();
  }

  private putNode({ id, ...look }: DrawnNode): void {
    const known = this.graph.hasNode(id) ? this.graph.getNodeAttributes(id) : null;
    const moved = known && (known.x !== look.x || known.y !== look.y);
    const same = known && known.label === look.label && known.color === look.color && known.size === look.size && known.pinned === look.pinned;
    const all = { ...look, borderSize: look.pinned ? 0.26 : 0.09 };
    if (!known) this.graph.addNode(id, all);
    else if (moved || !same) Object.assign(known, all);
    if (!same || this.stale) this.stage.take([id], []);
  }

  private putEdge({ id, source, target, type, label, color }: DrawnEdge): void {
    const known = this.graph.hasEdge(id) ? this.graph.getEdgeAttributes(id) : null;
    const same = known && known.name === label && known.tint === color;
    const look = { kind: type, name: label, tint: color, size: 1.4 };
    if (!known) this.graph.addDirectedEdgeWithKey(id, source, target, look);
    else if (!same) Object.assign(known, look);
    if (!same || this.stale) this.stage.take([], [id]);
  }

  /** Takes away what is not wanted; nodes all at once, since what was drawn of them must not be drawn again. */
  private *drop(nodes: ReadonlySet<string>, edges: ReadonlySet<string>): Generator<void> {
    const lost = this.graph.filterEdges((id) => !edges.has(id));
    for (let at = 0; at < lost.length; at += PORTION) {
      const some = lost.slice(at, at + PORTION);
      for (const id of some) this.graph.dropEdge(id);
      this.stage.forget([], some);
      yield;
    }
    const gone = this.graph.filterNodes((id) => !nodes.has(id));
    for (const id of gone) this.graph.dropNode(id);
    if (this.hovered && !nodes.has(this.hovered)) this.hovered = null;
    this.stage.forget(gone, []);
  }

  /** Edges between the same two nodes lie side by side. */
  private curveParallels(): void {
    indexParallelEdgesIndex(this.graph, { edgeIndexAttribute: "nth", edgeMinIndexAttribute: "least", edgeMaxIndexAttribute: "most" });
    this.graph.forEachEdge((id, data, source, target) => {
      const nth = data.nth as number | null;
      const bend = nth === null || nth === undefined ? 0 : (nth === 0 ? 1 : nth) * CURVE;
      const look = source === target ? { type: "loop", curvature: 1 } : { type: bend ? "curved" : "arrow", curvature: bend };
      if (data.type === look.type && data.curvature === look.curvature) return;
      Object.assign(data, look);
      this.stage.take([], [id]);
    });
  }

  /** Marks these nodes and the edges between and at them. */
  select(ids: readonly string[]): void {
    const before = this.selected;
    this.selected = new Set(ids);
    this.stage.overlay(this.selected.size > 0 || this.hovered !== null);
    const touched = [...new Set([...before, ...ids])].filter((id) => this.graph.hasNode(id));
    if (touched.length === 0) return;
    this.stage.take(touched, new Set(touched.flatMap((id) => this.graph.edges(id))));
    this.stage.show();
  }

  /** Moves nodes without anything else: the layout is at work. */
  place(ids: readonly string[], places: Float32Array): void {
    ids.forEach((id, at) => {
      if (id === this.dragged || !this.graph.hasNode(id)) return;
      Object.assign(this.graph.getNodeAttributes(id), { x: places[at * 2] ?? 0, y: places[at * 2 + 1] ?? 0 });
    });
    this.stage.show();
  }

  /** Other colours: the theme changed. */
  ink(inks: Inks): void {
    this.inks = inks;
    this.softened.clear();
    this.stale = true;
    this.draw(this.wanted.nodes, this.wanted.edges);
  }

  fit(): void {
    this.stage.setCustomBBox(null);
    void this.stage.getCamera().animatedReset({ duration: 250 });
  }

  zoom(inwards: boolean): void {
    const camera = this.stage.getCamera();
    void (inwards ? camera.animatedZoom({ duration: 150 }) : camera.animatedUnzoom({ duration: 150 }));
  }

  /** Brings a node to the middle, if it is out of sight. */
  reveal(id: string): void {
    const at = this.stage.getNodeDisplayData(id);
    if (!at) return;
    const { x, y } = this.stage.framedGraphToViewport(at);
    const { width, height } = this.stage.getDimensions();
    if (x > 40 && y > 40 && x < width - 40 && y < height - 40) return;
    void this.stage.getCamera().animate({ x: at.x, y: at.y }, { duration: 250 });
  }

  resize(): void {
    this.stage.show();
  }

  end(): void {
    this.stop();
    this.stage.kill();
  }

  private nodeLook(id: string, data: Shown): Partial<NodeDisplayData> {
    const focus = this.heavy ? null : this.hovered;
    const near = !focus || this.lit.has(id);
    const pinned = (data as { pinned?: boolean }).pinned;
    const look = { ...data, size: (data.size ?? 1) * this.shrunk, type: this.heavy ? "circle" : "node", border: pinned ? this.inks.ink : this.inks.paper, zIndex: near ? 1 : 0 };
    if (this.selected.has(id)) return { ...look, highlighted: true, forceLabel: true, zIndex: 2 };
    return near ? { ...look, forceLabel: focus !== null } : { ...look, color: this.inks.faded, label: null };
  }

  private edgeLook(id: string, data: Attributes): Partial<EdgeDisplayData> {
    const [source, target] = this.graph.extremities(id);
    const focus = this.heavy ? null : this.hovered;
    const own = focus ? source === focus || target === focus : this.selected.size === 1 && (this.selected.has(source) || this.selected.has(target));
    const between = this.selected.has(source) && this.selected.has(target);
    const color = (data.tint as string | null) ?? this.inks.edge;
    const type = this.heavy && !own && !between ? "line" : (data.type as string | undefined);
    const look = { ...data, ...(type && { type }) };
    if (own || between) return { ...look, color, label: data.name as string, forceLabel: true, size: between ? 3 : 2, zIndex: 1 };
    return { ...look, color: focus ? this.inks.faded : this.soft(color), label: null, zIndex: 0 };
  }

  private soft(color: string): string {
    const known = this.softened.get(color);
    if (known) return known;
    const made = mix(color, this.inks.paper, SOFT);
    this.softened.set(color, made);
    return made;
  }

  /** What is pointed at stands out; in a heavy picture by a ring alone, since all else would be drawn again. */
  private hover(id: string | null): void {
    this.hovered = id;
    this.stage.overlay(id !== null || this.selected.size > 0);
    if (this.heavy) return;
    this.lit = new Set(id && this.graph.hasNode(id) ? [id, ...this.graph.neighbors(id)] : []);
    this.stage.refresh({ skipIndexation: true });
  }

  private listen(): void {
    const { stage: sigma, gestures, holder } = this;
    let moved = false;
    sigma.on("afterProcess", () => this.tell("order"));
    sigma.on("afterRender", () => this.tell("draw"));
    holder.addEventListener("pointermove", ({ buttons }) => (this.dragging = buttons !== 0), true);
    holder.addEventListener("pointerup", () => (this.dragging = false), true);
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
      Object.assign(this.graph.getNodeAttributes(this.dragged), sigma.viewportToGraph(event));
      sigma.showOne(this.dragged);
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
