/** Is long work done in portions that leave room for others, and can it be stopped? */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { inPortions } from "../src/layout/portions";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function* counting(to: number, log: string[]): Generator<void> {
  for (let at = 1; at <= to; at++) {
    log.push(`work ${at}`);
    if (at < to) yield;
  }
}

it("does the first portion at once, each other in a task of its own, and others between them", () => {
  const log: string[] = [];
  inPortions(counting(3, log), () => setTimeout(() => log.push("other")));
  expect(log).toEqual(["work 1"]);
  vi.runAllTimers();
  expect(log).toEqual(["work 1", "other", "work 2", "other", "work 3", "other"]);
});

it("does no more once it is stopped", () => {
  const log: string[] = [];
  const stop = inPortions(counting(3, log));
  vi.advanceTimersToNextTimer();
  stop();
  vi.runAllTimers();
  expect(log).toEqual(["work 1", "work 2"]);
});
