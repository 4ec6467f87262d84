import assert from "node:assert/strict";
import { test } from "node:test";
import { greeting } from "../src/greeting.js";

test("each hour has its greeting", () => {
  assert.deepEqual([0, 8, 12, 20, 23].map(greeting), ["Good night", "Good morning", "Good afternoon", "Good evening", "Good night"]);
});
