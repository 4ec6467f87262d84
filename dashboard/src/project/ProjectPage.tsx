import { Link } from "../app/Link";
import { useSession } from "../app/session";
import { segment } from "../api/client";
import { useResource } from "../api/resource";
import type { Project } from "../api/types";
import { Empty, Shown } from "../ui/states";
import { DeployButton } from "./DeployButton";
import { EnvironmentTab } from "./environment/EnvironmentTab";
import { ReleasesTab } from "./ReleasesTab";
import { SettingsTab } from "./settings/SettingsTab";
import { TimelineTab } from "./TimelineTab";
import { WebhookTab } from "./webhook/WebhookTab";

const tabs = [
  { id: "deployments", text: "Deployments" },
  { id: "releases", text: "Releases" },
  { id: "environment", text: "Environment" },
  { id: "webhook", text: "Webhook" },
  { id: "settings", text: "Settings" },
] as const;

/** One project: its deployments as they happen, what it can go back to, its values, its webhook, its settings. */
export function ProjectPage({ id, tab }: { id: string; tab: string }) {
  const session = useSession();
  const project = useResource<Project>(`/api/projects/${segment(id)}`);
  return (
    <>
      <title>{`${id} · VPS Pilot`}</title>
      <div className="head">
        <h1>{id}</h1>
        {session.mayDeploy && project.value ? <DeployButton project={project.value} /> : null}
      </div>
      {project.value ? <p className="muted">{project.value.repository}, branch {project.value.branch}, on {project.value.nodes.join(", ")}</p> : null}
      <nav className="tabs" aria-label={`Parts of ${id}`}>
        {tabs.map(t => <Link key={t.id} href={`/projects/${segment(id)}${t.id === "deployments" ? "" : `/${t.id}`}`} aria-current={t.id === tab ? "page" : undefined}>{t.text}</Link>)}
      </nav>
      <Shown of={project} what="the project">{value => <Tab tab={tab} project={value} etag={project.etag} />}</Shown>
    </>
  );
}

function Tab({ tab, project, etag }: { tab: string; project: Project; etag: string | null }) {
  switch (tab) {
    case "deployments":
      return <TimelineTab project={project} />;
    case "releases":
      return <ReleasesTab project={project} />;
    case "environment":
      return <EnvironmentTab project={project} />;
    case "webhook":
      return <WebhookTab project={project} />;
    case "settings":
      return <SettingsTab project={project} etag={etag} />;
    default:
      return <Empty title="There is no such part of a project." />;
  }
}
