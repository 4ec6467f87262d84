import type { Release } from "../api/types";

/** A release of a project, with the nodes that have it. */
export interface ProjectRelease {
  releaseId: string;
  commit: string;
  activatedAt: string;
  nodes: string[];
  /** Nodes on which it serves. */
  servingOn: string[];
}

/** Releases of all nodes together, the newest first. */
export function byRelease(releases: readonly Release[]): ProjectRelease[] {
  const found = new Map<string, ProjectRelease>();
  for (const r of releases) {
    const known = found.get(r.releaseId) ?? { releaseId: r.releaseId, commit: r.commit, activatedAt: r.activatedAt, nodes: [], servingOn: [] };
    known.nodes.push(r.nodeId);
    if (r.isServing) {
      known.servingOn.push(r.nodeId);
    }

    known.activatedAt = known.activatedAt > r.activatedAt ? known.activatedAt : r.activatedAt;
    found.set(r.releaseId, known);
  }

  return [...found.values()].sort((a, b) => b.activatedAt.localeCompare(a.activatedAt));
}
