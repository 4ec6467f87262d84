import { Link } from "../app/Link";
import { useSession } from "../app/session";
import { segment } from "../api/client";
import type { DeploymentNode, Step } from "../api/types";
import { Commit } from "../ui/Commit";
import { useNow } from "../ui/now";
import { duration } from "../ui/format";
import { bars } from "./chart";
import { DeploymentState } from "./DeploymentState";
import { FailureBox } from "./FailureBox";

const words: Record<Step["state"], string> = { started: "runs", completed: "done", failed: "failed", skipped: "nothing to do" };

/** One node of a deployment: how it stands there, what serves, and how long each stage took. */
export function NodeSteps({ node, reason }: { node: DeploymentNode; reason: string | undefined }) {
  const session = useSession();
  const name = session.seesAll ? <Link href={`/nodes/${segment(node.nodeId)}`}>{node.nodeId}</Link> : node.nodeId;
  return (
    <section aria-label={`Steps on ${node.nodeId}`}>
      <div className="head"><h2>{name}</h2><DeploymentState status={node.status} /></div>
      {node.release ? <p className="muted">Serves <Commit id={node.release.commit} />, generation {node.release.generation}, on port {node.release.port}{node.release.slot ? `, slot ${node.release.slot}` : ""}.</p> : null}
      {node.failure && node.failure.message !== reason ? <FailureBox failure={node.failure} /> : null}
      {node.steps.length > 0 ? <StepChart steps={node.steps} /> : <p className="muted">It has not begun here.</p>}
    </section>
  );
}

function StepChart({ steps }: { steps: readonly Step[] }) {
  const now = useNow();
  return (
    <table className="steps">
      <thead className="hidden"><tr><th scope="col">Stage</th><th scope="col">When</th><th scope="col">How long</th></tr></thead>
      <tbody>
        {bars(steps, now).map(({ step, length, left, width }) => (
          <tr key={step.stage} className={step.state} title={step.detail ?? undefined}>
            <th scope="row">{step.stage}</th>
            <td className="bar">
              <svg width="100%" height="14" aria-hidden="true" focusable="false"><rect x={`${left}%`} width={`${width}%`} y="2" height="10" rx="3" /></svg>
              <span className="hidden">{words[step.state]}</span>
            </td>
            <td className="length">{step.state === "skipped" ? "–" : duration(length)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
