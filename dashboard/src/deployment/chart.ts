import type { Step } from "../api/types";

/** A step as a bar: where it begins and how long it is, in percent of the whole. */
export interface Bar {
  step: Step;
  /** In milliseconds; what runs counts until now. */
  length: number;
  left: number;
  width: number;
}

/** The thinnest bar that can be seen. */
const thinnest = 0.6;

/** Steps in the order they began, as bars on one time line. A node's clock may differ from the browser's: what runs never ends before it began. */
export function bars(steps: readonly Step[], now: number): Bar[] {
  const sorted = steps
    .map(step => ({ step, from: Date.parse(step.startedAt) }))
    .sort((a, b) => a.from - b.from)
    .map(({ step, from }) => ({ step, from, length: step.durationMilliseconds ?? (step.state === "started" ? Math.max(0, now - from) : 0) }));
  const first = sorted[0]?.from ?? 0;
  const whole = Math.max(1, ...sorted.map(s => s.from + s.length - first));
  return sorted.map(({ step, from, length }) => {
    const width = Math.max(thinnest, (length / whole) * 100);
    return { step, length, left: Math.min(((from - first) / whole) * 100, 100 - width), width };
  });
}
