import { describe, expect, it } from "vitest";
import { append, emptyLog, find, mostLines, split } from "./lines";

describe("append", () => {
  it("joins a line that came in pieces", () => {
    const log = ["one\ntw", "o", "\nthree"].reduce(append, emptyLog);

    expect(log.lines).toEqual(["one", "two", "three"]);
    expect(log.isOpen).toBe(true);
  });

  it("keeps empty lines", () => expect(append(emptyLog, "a\n\nb\n").lines).toEqual(["a", "", "b"]));

  it("takes out what is for terminals, also where it came in pieces", () => {
    expect(append(append(emptyLog, "\u001b[32"), "mgreen\u001b[0m\r\n10%\r100%\n").lines).toEqual(["green", "100%"]);
  });

  it("leaves out the beginning of what is too long, and says how much", () => {
    const log = append(append(emptyLog, "first\n"), Array.from({ length: mostLines }, (_, i) => `${i}\n`).join(""));

    expect([log.lines.length, log.lines[0], log.dropped]).toEqual([mostLines, "0", 1]);
  });
});

describe("find and split", () => {
  it("look at no case", () => {
    expect(find(["an Error", "fine", "ERROR"], "error")).toEqual([0, 2]);
    expect(split("an Error, an error", "ERROR")).toEqual(["an ", "Error", ", an ", "error", ""]);
  });

  it("find nothing for nothing", () => {
    expect(find(["a"], "")).toEqual([]);
    expect(split("a", "")).toEqual(["a"]);
  });
});
