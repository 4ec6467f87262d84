import { useEffect, useState } from "react";
import { nothingRead, readLog, type ReadLog } from "./readLog";

/** The log of a deployment on one node, for one component of that node; where it goes on it is followed to its end, and from where it was when the connection is cut. */
export function useLog(id: string, node: string, follow: boolean): ReadLog {
  const [state, setState] = useState(nothingRead);
  useEffect(() => {
    const stop = new AbortController();
    void readLog(id, node, follow, stop.signal, setState);
    return () => stop.abort();
  }, [id, node, follow]);
  return state;
}
