import { useSession } from "../app/session";
import { segment } from "../api/client";
import { useResource } from "../api/resource";
import type { Node } from "../api/types";
import { DriftList } from "../overview/DriftList";
import { Empty, Shown } from "../ui/states";
import { Time } from "../ui/Time";
import { Doctor } from "./Doctor";
import { NodeActions } from "./NodeActions";
import { NodeFacts } from "./NodeFacts";
import { NodeState } from "./NodeState";
import { ServingTable } from "./ServingTable";

/** One node: what it is, how it is, what serves on it. */
export function NodePage({ id }: { id: string }) {
  const node = useResource<Node>(`/api/nodes/${segment(id)}`, 10);
  return (
    <>
      <title>{`${id} · VPS Pilot`}</title>
      <div className="head">
        <h1>{id}</h1>
        {node.value ? <NodeState state={node.value.state} /> : null}
      </div>
      <Shown of={node} what="the node">{value => <Details node={value} />}</Shown>
    </>
  );
}

function Details({ node }: { node: Node }) {
  const session = useSession();
  const serving = Object.entries(node.serving);
  return (
    <>
      <p className="muted">
        {node.lastSeenAt ? <>Heard <Time at={node.lastSeenAt} />.</> : <>Made <Time at={node.createdAt} />; its agent has not reported yet.</>}
        {Object.entries(node.labels).map(([name, value]) => <code key={name}> {name}={value}</code>)}
      </p>
      <DriftList drift={node.drift ?? []} />
      {node.facts ? <NodeFacts node={node} facts={node.facts} /> : null}
      <section aria-labelledby="serving">
        <h2 id="serving">Projects</h2>
        {serving.length > 0 ? <ServingTable serving={serving} /> : <Empty title="Nothing serves here." />}
      </section>
      {session.mayDeploy && node.facts ? <Doctor id={node.id} /> : null}
      {session.mayAdminister ? <NodeActions node={node} /> : null}
    </>
  );
}
