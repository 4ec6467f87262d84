import { Link } from "../app/Link";
import { segment } from "../api/client";
import { useResource, type Resource } from "../api/resource";
import type { Deployment, Node, Page } from "../api/types";
import { DeploymentState } from "../deployment/DeploymentState";
import { Time } from "../ui/Time";
import { Serves } from "./Serves";

/** Each project with what serves on which node, and its last deployment. Without nodes for a token that does not see them. */
export function ProjectTable({ ids, nodes }: { ids: readonly string[]; nodes?: Resource<Page<Node>> }) {
  return (
    <div className="table">
      <table>
        <thead><tr><th scope="col">Project</th><th scope="col">Serves</th><th scope="col">Last deployment</th></tr></thead>
        <tbody>{ids.map(id => <ProjectRow key={id} id={id} nodes={nodes} />)}</tbody>
      </table>
    </div>
  );
}

function ProjectRow({ id, nodes }: { id: string; nodes: Resource<Page<Node>> | undefined }) {
  const { value, error } = useResource<Page<Deployment>>(`/api/projects/${segment(id)}/deployments?limit=1`);
  const last = value?.items[0];
  return (
    <tr>
      <th scope="row"><Link href={`/projects/${segment(id)}`}>{id}</Link></th>
      <td data-label="Serves"><Serves project={id} nodes={nodes} /></td>
      <td data-label="Last deployment">
        {last
          ? <><DeploymentState status={last.status} /> <Link href={`/deployments/${segment(last.id)}`}>{last.subject ?? last.branch}</Link> <span className="muted"><Time at={last.createdAt} /></span></>
          : <span className="muted">{error ? "unknown" : value ? "none yet" : "…"}</span>}
      </td>
    </tr>
  );
}
