import { useState } from "react";
import { Link } from "../app/Link";
import { useSession } from "../app/session";
import { useAction } from "../api/action";
import { segment, send } from "../api/client";
import { useLiveDeployment } from "../api/live";
import { refresh, useResource } from "../api/resource";
import type { Deployment } from "../api/types";
import { Button } from "../ui/Button";
import { Confirm } from "../ui/Confirm";
import { Shown, Trouble } from "../ui/states";
import { CanaryState } from "./CanaryState";
import { DeploymentState, hasEnded } from "./DeploymentState";
import { Facts } from "./Facts";
import { FailureBox } from "./FailureBox";
import { LogPanel } from "./log/LogPanel";
import { NodeSteps } from "./NodeSteps";

/** One deployment while it goes on, and afterwards: why it ended so, its steps on each node, its log. */
export function DeploymentPage({ id }: { id: string }) {
  const deployment = useResource<Deployment>(`/api/deployments/${segment(id)}`);
  return (
    <>
      {deployment.value ? null : <h1>Deployment</h1>}
      <Shown of={deployment} what="the deployment">{value => <Details deployment={value} />}</Shown>
    </>
  );
}

function Details({ deployment }: { deployment: Deployment }) {
  const [hadEnded] = useState(() => hasEnded(deployment.status));
  useLiveDeployment(deployment.id, hadEnded);
  const name = deployment.subject ?? (deployment.trigger === "rollback" ? "Rollback" : deployment.branch);
  const nodes = deployment.nodes ?? [];
  return (
    <>
      <title>{`${deployment.status}: ${name} · VPS Pilot`}</title>
      <p className="trail"><Link href={`/projects/${segment(deployment.projectId)}`}>{deployment.projectId}</Link></p>
      <div className="head">
        <h1>{name}</h1>
        <span role="status"><DeploymentState status={deployment.status} /></span>
      </div>
      {deployment.summary ? <p className="summary">{deployment.summary}</p> : null}
      <Controls deployment={deployment} />
      <Facts deployment={deployment} />
      {deployment.failure ? <FailureBox failure={deployment.failure} /> : null}
      {deployment.canary ? <CanaryState canary={deployment.canary} /> : null}
      {deployment.excludedNodes?.length ? <p className="notice">Gone on without {deployment.excludedNodes.join(", ")}, which stayed offline.</p> : null}
      {nodes.map(node => <NodeSteps key={node.nodeId} node={node} reason={deployment.failure?.message} />)}
      <LogPanel id={deployment.id} nodes={nodes.map(n => n.nodeId)} follow={!hadEnded} />
    </>
  );
}

function Controls({ deployment }: { deployment: Deployment }) {
  const session = useSession();
  const path = `/api/deployments/${segment(deployment.id)}`;
  const act = async (what: string) => {
    await send("POST", `${path}/${what}`);
    refresh(path);
  };
  const cancel = useAction(() => act("cancel"));
  const approve = useAction(() => act("approve"));
  if (!session.mayDeploy || hasEnded(deployment.status)) {
    return null;
  }

  return (
    <div className="buttons">
      {deployment.canary?.state === "waiting-for-approval" ? <Button kind="primary" isBusy={approve.isBusy} onClick={() => void approve.run()}>Approve</Button> : null}
      <Confirm action="Cancel deployment" title="Cancel this deployment?" isBusy={cancel.isBusy} error={cancel.error} onOpen={cancel.clear} onConfirm={cancel.run}>
        <p>What builds is stopped, and what was switched goes back to the release before.</p>
      </Confirm>
      <Trouble error={approve.error} />
    </div>
  );
}
