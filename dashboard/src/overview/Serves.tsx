import { Link } from "../app/Link";
import { segment } from "../api/client";
import { useResource, type Resource } from "../api/resource";
import type { Node, Page, Release } from "../api/types";
import { Commit } from "../ui/Commit";

interface Props {
  project: string;
  /** All nodes; undefined for a token that does not see them. */
  nodes: Resource<Page<Node>> | undefined;
}

/** What serves on which node, as the nodes report it; where a token does not see nodes, as the project's releases tell it. */
export function Serves({ project, nodes }: Props) {
  const releases = useResource<Page<Release>>(nodes ? null : `/api/projects/${segment(project)}/releases?limit=200`);
  const source = nodes ?? releases;
  if (!source.value) {
    return <span className="muted">{source.error ? "unknown" : "…"}</span>;
  }

  const serving = nodes
    ? nodes.value?.items.flatMap(n => (n.serving[project] ? [{ node: n.id, name: <Link href={`/nodes/${segment(n.id)}`}>{n.name}</Link>, commit: n.serving[project].commit }] : []))
    : releases.value?.items.flatMap(r => (r.isServing ? [{ node: r.nodeId, name: r.nodeId, commit: r.commit }] : []));
  const isWhole = source.value.nextCursor == null;
  if (!serving?.length) {
    return <span className="muted">{isWhole ? "nothing" : "unknown"}</span>;
  }

  return (
    <>
      {serving.map(s => <span className="serving" key={s.node}><Commit id={s.commit} /> on {s.name}</span>)}
      {isWhole ? null : <span className="muted">and perhaps on more</span>}
    </>
  );
}
