import { describe, expect, it } from "vitest";
import { match } from "./router";

describe("match", () => {
  it.each([
    ["/", "/", {}],
    ["/projects/:id", "/projects/shop", { id: "shop" }],
    ["/projects/:id", "/projects/shop/", { id: "shop" }],
    ["/projects/:id/:tab?", "/projects/shop", { id: "shop" }],
    ["/projects/:id/:tab?", "/projects/shop/releases", { id: "shop", tab: "releases" }],
    ["/projects/:id", "/projects/a%20b", { id: "a b" }],
    ["/projects/:id", "/projects/%", { id: "%" }],
    ["/projects/:id", "/projects", null],
    ["/projects/:id", "/nodes/web-1", null],
    ["/audit", "/audit/more", null],
  ])("%s on %s", (pattern, path, found) => expect(match(pattern, path)).toEqual(found));
});
