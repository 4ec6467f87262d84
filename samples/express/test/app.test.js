import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createApp } from "../app.js";

let server;
let origin;

before(
  () =>
    new Promise((resolve) => {
      server = createApp().listen(0, "127.0.0.1", () => {
        origin = `http://127.0.0.1:${server.address().port}`;
        resolve();
      });
    }),
);
after(() => server.close());

test("the root tells app, Node.js and Express", async () => {
  const answer = await (await fetch(origin)).json();
  assert.equal(answer.app, "hello-express");
  assert.equal(answer.runtime, process.version);
  assert.match(answer.express, /^5\./);
});

test("an unknown path is 404", async () => {
  assert.equal((await fetch(`${origin}/nothing`)).status, 404);
});
