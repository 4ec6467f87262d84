import { expect, it } from "vitest";
import type { Release } from "../api/types";
import { byRelease } from "./releases";

const release = (nodeId: string, releaseId: string, generation: number, activatedAt: string, isServing = false): Release =>
  ({ nodeId, releaseId, generation, commit: releaseId.repeat(4), storePath: "/nix/store/x", activatedAt, isServing });

it("joins what several nodes have, newest first", () => {
  const found = byRelease([
    release("web-1", "r1", 1, "2026-03-01T10:00:00Z"),
    release("web-1", "r2", 2, "2026-03-01T11:00:00Z", true),
    release("web-2", "r1", 7, "2026-03-01T12:00:00Z", true),
  ]);

  expect(found.map(r => [r.releaseId, r.nodes, r.servingOn, r.activatedAt])).toEqual([
    ["r1", ["web-1", "web-2"], ["web-2"], "2026-03-01T12:00:00Z"],
    ["r2", ["web-1"], ["web-1"], "2026-03-01T11:00:00Z"],
  ]);
});
