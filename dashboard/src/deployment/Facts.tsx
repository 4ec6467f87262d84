import type { Deployment } from "../api/types";
import { Commit } from "../ui/Commit";
import { Time } from "../ui/Time";
import { useNow } from "../ui/now";
import { duration } from "../ui/format";

const triggers: Record<Deployment["trigger"], string> = { webhook: "a push", api: "a request", rollback: "a rollback" };

/** What, by whom, when, for how long. */
export function Facts({ deployment }: { deployment: Deployment }) {
  return (
    <dl className="facts">
      <div><dt>Commit</dt><dd><Commit id={deployment.commit} /> of {deployment.branch}</dd></div>
      <div><dt>Asked for by</dt><dd>{deployment.requestedBy}, with {triggers[deployment.trigger]}</dd></div>
      <div><dt>Came</dt><dd><Time at={deployment.createdAt} /></dd></div>
      {deployment.startedAt ? <div><dt>{deployment.finishedAt ? "Took" : "Runs for"}</dt><dd><Elapsed from={deployment.startedAt} to={deployment.finishedAt} /></dd></div> : null}
    </dl>
  );
}

function Elapsed({ from, to }: { from: string; to: string | null | undefined }) {
  const now = useNow();
  return duration((to ? Date.parse(to) : now) - Date.parse(from));
}
