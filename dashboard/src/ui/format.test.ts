import { describe, expect, it } from "vitest";
import { bytes, duration, relativeTime } from "./format";

describe("relativeTime", () => {
  const now = new Date("2026-03-01T12:00:00Z");
  it.each([
    ["2026-03-01T11:59:57Z", "just now"],
    ["2026-03-01T12:00:03Z", "just now"],
    ["2026-03-01T11:59:30Z", "30 seconds ago"],
    ["2026-03-01T11:58:01Z", "1 minute ago"],
    ["2026-03-01T09:00:00Z", "3 hours ago"],
    ["2026-02-28T11:00:00Z", "yesterday"],
    ["2026-03-01T13:00:00Z", "in 1 hour"],
    ["2024-01-01T00:00:00Z", "2 years ago"],
  ])("of %s is %s", (at, text) => expect(relativeTime(new Date(at), now)).toBe(text));
});

describe("duration", () => {
  it.each([
    [0, "0 ms"],
    [-3, "0 ms"],
    [850, "850 ms"],
    [12_340, "12.3 s"],
    [59_990, "1 min 0 s"],
    [125_000, "2 min 5 s"],
    [3_780_000, "1 h 3 min"],
  ])("of %d ms is %s", (milliseconds, text) => expect(duration(milliseconds)).toBe(text));
});

describe("bytes", () => {
  it.each([
    [0, "0 B"],
    [1023, "1023 B"],
    [1536, "1.5 KiB"],
    [300 * 1024 ** 3, "300 GiB"],
    [5 * 1024 ** 5, "5120 TiB"],
  ])("of %d is %s", (count, text) => expect(bytes(count)).toBe(text));
});
