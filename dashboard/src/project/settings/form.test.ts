import { describe, expect, it } from "vitest";
import { ApiError } from "../../api/client";
import type { Project } from "../../api/types";
import { changes, creation, emptyForm, formOf } from "./form";

const project = {
  id: "shop", repository: "https://example.com/shop.git", branch: "main", nodes: ["web-1"], provider: "github", autoDeploy: true, environment: "production",
  createdAt: "2026-03-01T12:00:00Z", webhookUrl: "https://pilot.example/hook", tags: ["v*"], deployment: { rollout: "rolling" },
} as Project;

describe("changes", () => {
  const form = formOf(project);

  it("are nothing where nothing was changed", () => expect(changes(form, { ...form })).toEqual({}));

  it("name only what differs", () => {
    expect(changes(form, { ...form, nodes: ["web-1", "web-2"], autoDeploy: false })).toEqual({ nodes: ["web-1", "web-2"], autoDeploy: false });
  });

  it("take lists from lines, and empty ones back", () => {
    expect(changes(form, { ...form, branches: " main \n\nrelease/*\n", tags: "" })).toEqual({ branches: ["main", "release/*"], tags: [] });
  });

  it("take the overrides away with null, and refuse what is no JSON", () => {
    expect(changes(form, { ...form, deployment: " " })).toEqual({ deployment: null });
    expect(() => changes(form, { ...form, deployment: "{" })).toThrow(ApiError);
  });
});

describe("creation", () => {
  it("always names the repository and the nodes, and leaves defaults to the server", () => {
    expect(creation("shop", { ...emptyForm, repository: "", nodes: [] })).toEqual({ id: "shop", repository: "", nodes: [] });
    expect(creation("shop", { ...emptyForm, repository: "git://x/y.git", nodes: ["web-1"], provider: "gitea" }))
      .toEqual({ id: "shop", repository: "git://x/y.git", nodes: ["web-1"], provider: "gitea" });
  });
});
