import { afterEach, expect, it, vi } from "vitest";
import { nothingRead, readLog, type ReadLog } from "./readLog";

afterEach(() => vi.unstubAllGlobals());

/** What the control plane answers, in this order; true is a deployment that has ended. */
function answering(...answers: (boolean | string | Error)[]): string[] {
  const asked: string[] = [];
  vi.stubGlobal("fetch", (path: string) => {
    asked.push(path);
    const answer = answers.shift();
    return answer instanceof Error
      ? Promise.reject(answer)
      : Promise.resolve(new Response(typeof answer === "string" ? answer : JSON.stringify({ finishedAt: answer ? "2026-01-01T00:00:00Z" : null })));
  });
  return asked;
}

async function read(follow: boolean): Promise<ReadLog> {
  let state = nothingRead;
  await readLog("d", "web-1", follow, new AbortController().signal, change => (state = change(state)));
  return state;
}

it("asks again from where it was when a stream ends before the deployment", async () => {
  const asked = answering(false, "one\ntwö", true, " and more\n");

  expect(await read(true)).toEqual({ log: { lines: ["one", "twö and more"], dropped: 0, isOpen: false }, isOpen: false, error: undefined });
  expect(asked).toEqual(["/api/deployments/d", "/api/deployments/d/log?node=web-1&offset=0&follow=1", "/api/deployments/d", "/api/deployments/d/log?node=web-1&offset=8"]);
});

it("goes on after a connection that was cut", async () => {
  answering(new TypeError("cut"), true, "all\n");

  expect((await read(true)).log.lines).toEqual(["all"]);
});

it("reads what has ended once", async () => {
  const asked = answering("all\n");

  expect((await read(false)).isOpen).toBe(false);
  expect(asked).toHaveLength(1);
});
