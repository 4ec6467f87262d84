import { segment } from "../api/client";
import { FailureBox } from "../deployment/FailureBox";
import type { Finding } from "../api/types";
import { Badge, type Tone } from "../ui/Badge";
import { Button } from "../ui/Button";
import { Trouble } from "../ui/states";
import { useOperation } from "./operation";

const tones: Record<Finding["state"], Tone> = { ok: "good", warning: "warning", error: "bad" };

/** Lets the node examine itself, and shows what it found with what to do about it. */
export function Doctor({ id }: { id: string }) {
  const { start, operation, isBusy } = useOperation(`/api/nodes/${segment(id)}/doctor`);
  const answer = operation.value?.nodes[0];
  return (
    <section aria-labelledby="doctor">
      <div className="head"><h2 id="doctor">Doctor</h2><Button isBusy={isBusy} onClick={() => void start.run()}>Examine the node</Button></div>
      <Trouble error={start.error ?? operation.error} />
      <div role="status">
        {isBusy ? <p className="muted">The node looks at itself…</p> : null}
        {answer?.findings
          ? (
              <ul className="rows">
                {answer.findings.map(f => (
                  <li key={f.check + f.message}>
                    <span className="what"><Badge tone={tones[f.state]}>{f.state}</Badge><strong>{f.check}</strong></span>
                    <span>{f.message}</span>
                    {f.remedy ? <span className="why">{f.remedy}</span> : null}
                  </li>
                ))}
              </ul>
            )
          : null}
      </div>
      {answer?.failure ? <FailureBox failure={answer.failure} /> : null}
      {operation.value?.status === "failed" && !answer ? <p className="mistake">The node did not answer.</p> : null}
    </section>
  );
}
