/** One measured value. */
export interface Sample {
  at: string;
  load1: number;
}

/**
 * The points of a line over time in a box of 100 × 30, the oldest at the left. The box is as high as all processors busy, or as the highest value
 * where that is more. Fewer than two samples make no line.
 */
export function points(samples: readonly Sample[], processors: number): string {
  if (samples.length < 2) {
    return "";
  }

  const times = samples.map(s => Date.parse(s.at));
  const [from, to] = [Math.min(...times), Math.max(...times)];
  const top = Math.max(processors, 1, ...samples.map(s => s.load1));
  return samples.map((s, i) => `${round(((times[i]! - from) / Math.max(1, to - from)) * 100)},${round(30 - (s.load1 / top) * 30)}`).join(" ");
}

const round = (value: number) => Math.round(value * 100) / 100;
