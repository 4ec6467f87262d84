import { navigate } from "../app/router";
import { useSession } from "../app/session";
import { useAction } from "../api/action";
import { segment, send } from "../api/client";
import { useResource } from "../api/resource";
import type { Deployment, Page, Project, Release } from "../api/types";
import { Badge } from "../ui/Badge";
import { Commit } from "../ui/Commit";
import { Confirm } from "../ui/Confirm";
import { Empty, Shown } from "../ui/states";
import { Time } from "../ui/Time";
import { byRelease, type ProjectRelease } from "./releases";

/** What the nodes can go back to. */
export function ReleasesTab({ project }: { project: Project }) {
  const releases = useResource<Page<Release>>(`/api/projects/${segment(project.id)}/releases`, 30);
  return (
    <section aria-label="Releases">
      <Shown of={releases} what="releases">
        {page => page.items.length > 0
          ? <ul className="rows">{byRelease(page.items).map(r => <ReleaseRow key={r.releaseId} project={project} release={r} />)}</ul>
          : <Empty title="No node keeps a release yet." />}
      </Shown>
    </section>
  );
}

function ReleaseRow({ project, release }: { project: Project; release: ProjectRelease }) {
  const session = useSession();
  const servesEverywhere = project.nodes.every(node => release.servingOn.includes(node));
  return (
    <li>
      <span className="what"><Commit id={release.commit} />{release.servingOn.length > 0 ? <Badge tone="good">serves</Badge> : null}</span>
      <span className="muted">on {release.nodes.join(", ")} · since <Time at={release.activatedAt} /></span>
      {session.mayDeploy && !servesEverywhere ? <RollBack project={project} release={release} /> : null}
    </li>
  );
}

function RollBack({ project, release }: { project: Project; release: ProjectRelease }) {
  const back = useAction(async () => {
    const { value } = await send<Deployment>("POST", `/api/projects/${segment(project.id)}/rollback`, { to: { commit: release.commit } });
    navigate(`/deployments/${segment(value.id)}`);
  });
  return (
    <Confirm action="Roll back" title={`Roll ${project.id} back?`} kind="plain" isBusy={back.isBusy} error={back.error} onOpen={back.clear} onConfirm={back.run}>
      <p>
        {project.nodes.join(", ")} will serve <Commit id={release.commit} /> again, with the values it had.
        It is watched like a deployment: where it proves bad, what serves now comes back.
      </p>
    </Confirm>
  );
}
