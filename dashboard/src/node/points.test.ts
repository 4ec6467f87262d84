import { expect, it } from "vitest";
import { points } from "./points";

const sample = (second: number, load1: number) => ({ at: new Date(Date.UTC(2026, 2, 1, 12, 0, second)).toISOString(), load1 });

it("draws from the oldest to the newest, as high as the processors", () => {
  expect(points([sample(0, 0), sample(15, 2), sample(30, 1)], 2)).toBe("0,30 50,0 100,15");
});

it("makes room for a load beyond the processors", () => expect(points([sample(0, 4), sample(15, 2)], 1)).toBe("0,0 100,15"));

it("draws nothing of a single sample", () => expect(points([sample(0, 1)], 1)).toBe(""));
