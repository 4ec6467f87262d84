import { Link } from "../app/Link";
import { segment } from "../api/client";
import type { Drift } from "../api/types";
import { Commit } from "../ui/Commit";
import { Time } from "../ui/Time";

/** Nodes that serve something else than was deployed there last; nothing where all is as it should be. */
export function DriftList({ drift }: { drift: Drift[] }) {
  return drift.length === 0 ? null : (
    <section className="notice" aria-labelledby="drift">
      <h2 id="drift">Drift</h2>
      <ul className="rows">
        {drift.map(d => (
          <li key={d.nodeId + d.projectId}>
            <span>
              <Link href={`/projects/${segment(d.projectId)}`}>{d.projectId}</Link> on <Link href={`/nodes/${segment(d.nodeId)}`}>{d.nodeId}</Link>
              {d.servingRelease ? <> serves {d.servingCommit ? <Commit id={d.servingCommit} /> : "another release"}</> : <> does not serve</>}, and <Commit id={d.wantedCommit} /> was deployed
            </span>
            <span className="muted">as of <Time at={d.reportedAt} /></span>
          </li>
        ))}
      </ul>
    </section>
  );
}
