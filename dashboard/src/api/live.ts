import { useEffect, useState } from "react";
import { segment } from "./client";
import { refresh } from "./resource";
import { openStream } from "./stream";

interface Change {
  projectId?: string;
  deploymentId?: string;
  nodeId?: string;
}

/** Keeps every shown document fresh while it is used. True while the stream of events is open. */
export function useLive(): boolean {
  const [isLive, setLive] = useState(false);
  useEffect(() => openStream({ url: "/api/events", events: ["deployment", "node", "alert", "reset"], onEvent: apply, onGap: () => refresh("/api/"), onState: setLive }), []);
  return isLive;
}

/** Keeps one deployment fresh, step by step, until the last report of it has come. */
export function useLiveDeployment(id: string, hadEnded: boolean): void {
  useEffect(() => {
    if (hadEnded) {
      return undefined;
    }

    const path = `/api/deployments/${segment(id)}`;
    const again = () => refresh(path);
    const close = openStream({
      url: `${path}/events`,
      events: ["deployment", "node", "step", "end"],
      onEvent: name => {
        again();
        if (name === "end") {
          close();
        }
      },
      onGap: again,
    });
    return close;
  }, [id, hadEnded]);
}

function apply(name: string, data: unknown): void {
  const change = data as Change;
  if (name === "reset") {
    refresh("/api/");
  } else if (name === "alert") {
    refresh("/api/alerts");
  } else if (name === "node") {
    refresh("/api/nodes");
  } else if (change.projectId && change.deploymentId) {
    refresh(`/api/projects/${segment(change.projectId)}/deployments`);
    refresh(`/api/projects/${segment(change.projectId)}/releases`);
    refresh(`/api/deployments/${segment(change.deploymentId)}`);
    refresh("/api/nodes");
  }
}
