import { describe, expect, it } from "vitest";
import type { Step } from "../api/types";
import { bars } from "./chart";

const start = Date.parse("2026-03-01T12:00:00Z");
const step = (stage: string, from: number, length: number | null, state: Step["state"] = "completed"): Step =>
  ({ stage, state, startedAt: new Date(start + from).toISOString(), durationMilliseconds: length, detail: null });

describe("bars", () => {
  it("are in the order they began, on one line", () => {
    const found = bars([step("compile", 250, 750), step("fetch", 0, 250)], start);

    expect(found.map(b => [b.step.stage, b.left, b.width])).toEqual([["fetch", 0, 25], ["compile", 25, 75]]);
  });

  it("grow while their step runs", () => {
    const found = bars([step("fetch", 0, 500), step("compile", 500, null, "started")], start + 1_000);

    expect(found.map(b => b.length)).toEqual([500, 500]);
  });

  it("can be seen however short, and stay within the line", () => {
    const found = bars([step("build", 0, 100_000), step("switch", 100_000, 1), step("prune", 100_001, null, "skipped")], start);

    for (const bar of found) {
      expect(bar.width).toBeGreaterThanOrEqual(0.6);
      expect(bar.left + bar.width).toBeLessThanOrEqual(100.0001);
    }
  });

  it("have no negative length where a node's clock is ahead", () => {
    expect(bars([step("fetch", 5_000, null, "started")], start)[0]?.length).toBe(0);
  });

  it("are none without steps", () => expect(bars([], start)).toEqual([]));
});
