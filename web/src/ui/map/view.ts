/** How near and where does a person look at the map? Size of the sheet, wheel, drag and pinch. */
import { useEffect, useRef, useState } from "preact/hooks";

import type { Shift } from "../../layout/map";

type Holder = { current: HTMLElement | null };

export function useSize(holder: Holder): { width: number; height: number } {
  const [size, set] = useState({ width: 800, height: 600 });
  useEffect(() => {
    const element = holder.current;
    if (!element) return;
    const watch = new ResizeObserver(() => set({ width: Math.max(200, element.clientWidth), height: Math.max(200, element.clientHeight) }));
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  return size;
}

export const START: Shift = { k: 1, x: 0, y: 0 };
const within = (k: number): number => Math.min(60, Math.max(0.2, k));

/** The same point of the map stays under the pointer. */
export function zoomed({ k, x, y }: Shift, factor: number, px: number, py: number): Shift {
  const next = within(k * factor);
  const real = next / k;
  return { k: next, x: px - (px - x) * real, y: py - (py - y) * real };
}

/** Where a person has moved the sheet; `set` moves it for them. */
export function useView(holder: Holder): { shift: Shift; byHand: { current: boolean }; set: (shift: Shift) => void; zoom: (factor: number) => void } {
  const [shift, set] = useState(START);
  const fingers = useRef(new Map<number, { x: number; y: number }>());
  const byHand = useRef(false);
  const move: Change = (change) => {
    byHand.current = true;
    set(change);
  };
  useEffect(() => {
    const element = holder.current;
    if (!element) return;
    return listen(element, fingers.current, move);
  }, []);
  const zoom = (factor: number) => move((now) => zoomed(now, factor, (holder.current?.clientWidth ?? 0) / 2, (holder.current?.clientHeight ?? 0) / 2));
  return { shift, byHand, set, zoom };
}

type Change = (change: (now: Shift) => Shift) => void;
type Fingers = Map<number, { x: number; y: number }>;

function listen(element: HTMLElement, fingers: Fingers, set: Change): () => void {
  const here = ({ clientX, clientY }: { clientX: number; clientY: number }) => {
    const { left, top } = element.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  };
  const wheel = (event: WheelEvent) => {
    event.preventDefault();
    const { x, y } = here(event);
    set((now) => zoomed(now, Math.exp(-event.deltaY * 0.0016), x, y));
  };
  const down = (event: PointerEvent) => fingers.set(event.pointerId, here(event));
  const move = (event: PointerEvent) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const after = here(event);
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    fingers.set(event.pointerId, after);
    set((now) => (other ? pinched(now, other, before, after) : { ...now, x: now.x + after.x - before.x, y: now.y + after.y - before.y }));
  };
  const up = (event: PointerEvent) => fingers.delete(event.pointerId);
  element.addEventListener("wheel", wheel, { passive: false });
  element.addEventListener("pointerdown", down);
  addEventListener("pointermove", move);
  addEventListener("pointerup", up);
  addEventListener("pointercancel", up);
  return () => {
    removeEventListener("pointermove", move);
    removeEventListener("pointerup", up);
    removeEventListener("pointercancel", up);
  };
}

type Spot = { x: number; y: number };

function pinched(now: Shift, fixed: Spot, before: Spot, after: Spot): Shift {
  const apart = (one: Spot) => Math.max(1, Math.hypot(one.x - fixed.x, one.y - fixed.y));
  return zoomed(now, apart(after) / apart(before), fixed.x, fixed.y);
}
