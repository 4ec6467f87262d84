import { Link } from "../app/Link";
import { segment } from "../api/client";
import { useResource } from "../api/resource";
import type { Deployment, Node, Page } from "../api/types";
import { DeploymentState } from "../deployment/DeploymentState";
import { Commit } from "../ui/Commit";
import { Time } from "../ui/Time";

/** Each project with what serves on which node, and its last deployment. */
export function ProjectTable({ ids, nodes }: { ids: readonly string[]; nodes: Node[] }) {
  return (
    <div className="table">
      <table>
        <thead><tr><th scope="col">Project</th><th scope="col">Serves</th><th scope="col">Last deployment</th></tr></thead>
        <tbody>{ids.map(id => <ProjectRow key={id} id={id} nodes={nodes.filter(n => n.serving[id])} />)}</tbody>
      </table>
    </div>
  );
}

function ProjectRow({ id, nodes }: { id: string; nodes: Node[] }) {
  const { value, error } = useResource<Page<Deployment>>(`/api/projects/${segment(id)}/deployments?limit=1`);
  const last = value?.items[0];
  return (
    <tr>
      <th scope="row"><Link href={`/projects/${segment(id)}`}>{id}</Link></th>
      <td data-label="Serves">{nodes.length === 0 ? <span className="muted">nothing</span> : nodes.map(node => <span className="serving" key={node.id}><Commit id={node.serving[id]?.commit} /> on <Link href={`/nodes/${segment(node.id)}`}>{node.name}</Link></span>)}</td>
      <td data-label="Last deployment">
        {last
          ? <><DeploymentState status={last.status} /> <Link href={`/deployments/${segment(last.id)}`}>{last.subject ?? last.branch}</Link> <span className="muted"><Time at={last.createdAt} /></span></>
          : <span className="muted">{error ? "unknown" : value ? "none yet" : "…"}</span>}
      </td>
    </tr>
  );
}
