import { exactTime } from "../ui/format";
import { points, type Sample } from "./points";

/** The load of the last heartbeats as a line. */
export function Sparkline({ samples, processors }: { samples: readonly Sample[]; processors: number }) {
  const line = points(samples, processors);
  const [first, last] = [samples[0], samples[samples.length - 1]];
  if (line === "" || !first || !last) {
    return <span className="muted">(a line is drawn from the second report on)</span>;
  }

  const highest = Math.max(...samples.map(s => s.load1));
  const told = `Load between ${exactTime(new Date(first.at))} and ${exactTime(new Date(last.at))}, at most ${highest.toFixed(2)} with ${processors} processors`;
  return <svg className="sparkline" viewBox="0 0 100 30" preserveAspectRatio="none" role="img" aria-label={told}><title>{told}</title><polyline points={line} /></svg>;
}
