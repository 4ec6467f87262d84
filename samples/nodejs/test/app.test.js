import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { createApp, describe } from "../app.js";

const server = createApp();
let origin;

before(
  () =>
    new Promise((resolve) => {
      server.listen(0, "127.0.0.1", () => {
        origin = `http://127.0.0.1:${server.address().port}`;
        resolve();
      });
    }),
);
after(() => server.close());

test("the root tells app and version", async () => {
  const response = await fetch(origin);
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  assert.equal(response.status, 200);
  assert.deepEqual(await response.json(), describe());
  assert.equal(describe().version, version);
});

test("the health check answers 200", async () => {
  assert.equal((await fetch(`${origin}/health`)).status, 200);
});

test("an unknown path is 404", async () => {
  assert.equal((await fetch(`${origin}/toString`)).status, 404);
});

test("the release comes from the environment", () => {
  assert.equal(describe({ VPSPILOT_RELEASE: "r1" }).release, "r1");
  assert.equal(describe({}).release, null);
});
