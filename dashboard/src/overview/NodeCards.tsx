import { Link } from "../app/Link";
import { segment } from "../api/client";
import type { Node } from "../api/types";
import { NodeState } from "../node/NodeState";
import { Time } from "../ui/Time";
import { bytes } from "../ui/format";

export function NodeCards({ nodes }: { nodes: Node[] }) {
  return (
    <ul className="cards">
      {nodes.map(node => (
        <li className="card" key={node.id}>
          <div className="head"><h3><Link href={`/nodes/${segment(node.id)}`}>{node.name}</Link></h3><NodeState state={node.state} /></div>
          {node.facts ? <p className="muted">load {node.facts.load1?.toFixed(2)} · {bytes(node.facts.diskFreeBytes ?? 0)} free · agent {node.agentVersion}</p> : null}
          <p className="muted">{node.lastSeenAt ? <>heard <Time at={node.lastSeenAt} /></> : <>made <Time at={node.createdAt} />, not enrolled yet</>}</p>
        </li>
      ))}
    </ul>
  );
}
