import { asApiError, request, segment, send, type ApiError } from "../../api/client";
import type { Deployment } from "../../api/types";
import { append, emptyLog, type LogText } from "./lines";

/** A log that is being read. */
export interface ReadLog {
  log: LogText;
  /** It goes on. */
  isOpen: boolean;
  error: ApiError | undefined;
}

export const nothingRead: ReadLog = { log: emptyLog, isOpen: true, error: undefined };

const turn = 300;
const pause = 2_000;

/**
 * Reads the log of a deployment on one node. Where it is followed, a stream that ends is asked for again from where it was, until the deployment
 * has ended: the control plane ends streams of its own accord.
 */
export async function readLog(id: string, node: string, follow: boolean, signal: AbortSignal, update: (change: (state: ReadLog) => ReadLog) => void): Promise<void> {
  const isStopped = () => signal.aborted;
  const decoder = new TextDecoder();
  const path = `/api/deployments/${segment(id)}`;
  let offset = 0;
  while (!isStopped()) {
    try {
      // Asked before the log is read: what was written by then is in it.
      const isOver = !follow || (await send<Deployment>("GET", path)).value.finishedAt != null;
      const response = await request("GET", `${path}/log?node=${segment(node)}&offset=${offset}${isOver ? "" : "&follow=1"}`, { signal });
      update(state => ({ ...state, error: undefined }));
      const reader = response.body!.getReader();
      for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
        offset += piece.value.length;
        const text = decoder.decode(piece.value, { stream: true });
        update(state => ({ ...state, log: append(state.log, text) }));
      }

      if (isOver) {
        update(state => ({ ...state, isOpen: false }));
        return;
      }

      await sleep(turn);
    } catch (error) {
      if (isStopped()) {
        return;
      }

      const problem = asApiError(error);
      update(state => ({ ...state, error: problem }));
      if (problem.status >= 400 && problem.status < 500) {
        return;
      }

      await sleep(pause);
    }
  }
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, milliseconds));
}
