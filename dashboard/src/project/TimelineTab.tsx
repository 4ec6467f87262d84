import { Link } from "../app/Link";
import { segment } from "../api/client";
import { useResource } from "../api/resource";
import type { Deployment, Page, Project } from "../api/types";
import { DeploymentState } from "../deployment/DeploymentState";
import { Commit } from "../ui/Commit";
import { Empty, Shown } from "../ui/states";
import { Pages } from "../ui/Pages";
import { Time } from "../ui/Time";
import { duration } from "../ui/format";

/** The deployments of a project, newest first, as they happen. */
export function TimelineTab({ project }: { project: Project }) {
  const path = `/api/projects/${segment(project.id)}/deployments?limit=20`;
  const deployments = useResource<Page<Deployment>>(path, 60);
  return (
    <section aria-label="Deployments">
      <Shown of={deployments} what="deployments">
        {first => first.items.length > 0
          ? <Pages path={path} first={first} keyOf={d => d.id}>{items => <Timeline items={items} />}</Pages>
          : <Empty title="Nothing has been deployed yet."><p>Push to <code>{project.branch}</code> once <Link href={`/projects/${segment(project.id)}/webhook`}>the webhook</Link> is set up, or deploy by hand.</p></Empty>}
      </Shown>
    </section>
  );
}

function Timeline({ items }: { items: Deployment[] }) {
  return (
    <ol className="rows timeline">
      {items.map(d => (
        <li key={d.id}>
          <span className="what">
            <DeploymentState status={d.status} />
            <Link href={`/deployments/${segment(d.id)}`}>{d.subject ?? (d.trigger === "rollback" ? "Rollback" : d.branch)}</Link>
          </span>
          {d.summary && d.status !== "succeeded" ? <span className="why">{d.summary}</span> : null}
          <span className="muted">
            {d.commit ? <><Commit id={d.commit} /> · </> : null}{d.requestedBy} · <Time at={d.createdAt} />
            {d.startedAt && d.finishedAt ? ` · ${duration(Date.parse(d.finishedAt) - Date.parse(d.startedAt))}` : ""}
          </span>
        </li>
      ))}
    </ol>
  );
}
