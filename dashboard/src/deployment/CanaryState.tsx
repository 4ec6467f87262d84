import type { Canary } from "../api/types";
import { Time } from "../ui/Time";

const words: Record<Canary["state"], string> = {
  baking: "is being watched",
  "waiting-for-approval": "waits for an approval",
  promoted: "was found good",
  aborted: "was found bad",
};

type Traffic = Canary["traffic"];

/** How the nodes that go first are doing. */
export function CanaryState({ canary }: { canary: Canary }) {
  return (
    <section className="notice" aria-label="Canary">
      <p>
        The canary on {canary.nodes.join(", ")}{canary.trafficPercent == null ? "" : ` (${canary.trafficPercent} % of the traffic)`} {words[canary.state]}
        {canary.until ? <>, until <Time at={canary.until} /></> : null}{canary.approvedBy ? `; approved by ${canary.approvedBy}` : ""}.
      </p>
      {canary.traffic ? <p className="muted">{told(canary.traffic)}{canary.otherTraffic ? `; elsewhere ${told(canary.otherTraffic)}` : ""}</p> : null}
    </section>
  );
}

const told = (traffic: NonNullable<Traffic>) => `${traffic.answers} answers, ${traffic.errors} errors`;
