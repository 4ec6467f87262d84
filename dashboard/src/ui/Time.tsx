import { useNow } from "./now";
import { exactTime, relativeTime } from "./format";

/** How long ago, with the exact time on hover. */
export function Time({ at }: { at: string }) {
  const date = new Date(at);
  return <time dateTime={at} title={exactTime(date)}>{relativeTime(date, new Date(useNow()))}</time>;
}
