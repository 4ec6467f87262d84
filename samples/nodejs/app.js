import { readFileSync } from "node:fs";
import { createServer } from "node:http";

const { name, version } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8"));

/** What the app says about itself; the release is known only where VPS Pilot started it. */
export function describe(environment = process.env) {
  return { app: name, version, node: process.version, release: environment.VPSPILOT_RELEASE ?? null };
}

const routes = {
  "/": () => describe(),
  "/health": () => ({ status: "ok" }),
};

export function createApp() {
  return createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const route = Object.hasOwn(routes, pathname) ? routes[pathname] : null;
    response.writeHead(route ? 200 : 404, { "content-type": "application/json" });
    response.end(JSON.stringify(route ? route() : { error: "not found" }) + "\n");
  });
}
