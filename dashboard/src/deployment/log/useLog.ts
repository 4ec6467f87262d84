import { useEffect, useState } from "react";
import { asApiError, request, segment, type ApiError } from "../../api/client";
import { append, emptyLog, type LogText } from "./lines";

/** A log that is being read. */
export interface ReadLog {
  log: LogText;
  /** It goes on. */
  isOpen: boolean;
  error: ApiError | undefined;
}

const nothing: ReadLog = { log: emptyLog, isOpen: true, error: undefined };
const pause = 2_000;

/** The log of a deployment on one node, for one component of that node; where it goes on it is followed to its end, and from where it was when the connection is cut. */
export function useLog(id: string, node: string, follow: boolean): ReadLog {
  const [state, setState] = useState(nothing);
  useEffect(() => {
    const stop = new AbortController();
    void readAll(id, node, follow, stop.signal, setState);
    return () => stop.abort();
  }, [id, node, follow]);
  return state;
}

type Update = (change: (state: ReadLog) => ReadLog) => void;

async function readAll(id: string, node: string, follow: boolean, signal: AbortSignal, update: Update): Promise<void> {
  const isStopped = () => signal.aborted;
  const decoder = new TextDecoder();
  let offset = 0;
  while (!isStopped()) {
    try {
      const response = await request("GET", `/api/deployments/${segment(id)}/log?node=${segment(node)}&offset=${offset}${follow ? "&follow=1" : ""}`, { signal });
      update(state => ({ ...state, error: undefined }));
      for (const reader = response.body!.getReader(); ;) {
        const { done, value } = await reader.read();
        if (done) {
          update(state => ({ ...state, isOpen: false }));
          return;
        }

        offset += value.length;
        const piece = decoder.decode(value, { stream: true });
        update(state => ({ ...state, log: append(state.log, piece) }));
      }
    } catch (error) {
      if (isStopped()) {
        return;
      }

      const problem = asApiError(error);
      update(state => ({ ...state, error: problem }));
      if (problem.status >= 400 && problem.status < 500) {
        return;
      }

      await new Promise(resolve => window.setTimeout(resolve, pause));
    }
  }
}
