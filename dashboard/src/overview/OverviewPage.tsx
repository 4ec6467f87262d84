import { Link } from "../app/Link";
import { useSession } from "../app/session";
import { useResource } from "../api/resource";
import type { AlertRow, Node, Page, Project } from "../api/types";
import { Pages } from "../ui/Pages";
import { Empty, Shown } from "../ui/states";
import { Alerts } from "./Alerts";
import { DriftList } from "./DriftList";
import { NodeCards } from "./NodeCards";
import { ProjectTable } from "./ProjectTable";

const allNodes = "/api/nodes?limit=200";
const allProjects = "/api/projects?limit=200";

/** Everything at a glance: what needs a person, which projects serve what and where, and the nodes. */
export function OverviewPage() {
  const session = useSession();
  const nodes = useResource<Page<Node>>(session.seesAll ? allNodes : null, 15);
  const projects = useResource<Page<Project>>(session.seesAll ? allProjects : null, 60);
  const alerts = useResource<Page<AlertRow>>(session.seesAll ? "/api/alerts?limit=5" : null, 60);
  const drift = nodes.value?.items.flatMap(node => node.drift ?? []) ?? [];
  return (
    <>
      <title>Overview · VPS Pilot</title>
      <h1>Overview</h1>
      <DriftList drift={drift} />
      {nodes.value?.nextCursor ? <p className="muted">Drift and what serves are shown here of the first {nodes.value.items.length} nodes.</p> : null}
      <section aria-labelledby="projects">
        <div className="head">
          <h2 id="projects">Projects</h2>
          {session.mayAdminister ? <Link className="button" href="/projects/new">New project</Link> : null}
        </div>
        {session.who.projects
          ? <ProjectTable ids={session.who.projects} />
          : (
              <Shown of={projects} what="projects">
                {page => page.items.length > 0
                  ? <Pages path={allProjects} first={page} keyOf={p => p.id} more="Show more projects">{items => <ProjectTable ids={items.map(p => p.id)} nodes={nodes} />}</Pages>
                  : <Empty title="There is no project yet.">{session.mayAdminister ? <p>A project is an app in git and the nodes that it runs on. <Link href="/projects/new">Make the first one</Link>.</p> : null}</Empty>}
              </Shown>
            )}
      </section>
      {session.seesAll
        ? (
            <>
              <section aria-labelledby="nodes">
                <div className="head">
                  <h2 id="nodes">Nodes</h2>
                  {session.mayAdminister ? <Link className="button" href="/nodes/new">Add a node</Link> : null}
                </div>
                <Shown of={nodes} what="nodes">
                  {page => page.items.length > 0
                    ? <Pages path={allNodes} first={page} keyOf={n => n.id} more="Show more nodes">{items => <NodeCards nodes={items} />}</Pages>
                    : <Empty title="There is no node yet.">{session.mayAdminister ? <p>A node is a server that apps run on. <Link href="/nodes/new">Add the first one</Link>.</p> : null}</Empty>}
                </Shown>
              </section>
              <section aria-labelledby="alerts">
                <h2 id="alerts">Alerts</h2>
                <Shown of={alerts} what="alerts">
                  {page => page.items.length > 0 ? <Alerts alerts={page.items} /> : <Empty title="Nothing needs you." />}
                </Shown>
              </section>
            </>
          )
        : null}
    </>
  );
}
