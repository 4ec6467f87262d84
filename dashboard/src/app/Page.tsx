import type { ReactNode } from "react";
import { AuditPage } from "../audit/AuditPage";
import { DeploymentPage } from "../deployment/DeploymentPage";
import { AddNodePage } from "../node/AddNodePage";
import { NodePage } from "../node/NodePage";
import { OverviewPage } from "../overview/OverviewPage";
import { NewProjectPage } from "../project/NewProjectPage";
import { ProjectPage } from "../project/ProjectPage";
import { TokensPage } from "../tokens/TokensPage";
import { Empty } from "../ui/states";
import { Link } from "./Link";
import { match } from "./router";
import { useSession, type Session } from "./session";

interface Route {
  pattern: string;
  show: (parts: Record<string, string>) => ReactNode;
  /** Who may see it; everyone where it is left out. */
  needs?: (session: Session) => boolean;
}

const administers = (session: Session) => session.mayAdminister;

/** The first that fits is shown. */
const routes: readonly Route[] = [
  { pattern: "/", show: () => <OverviewPage /> },
  { pattern: "/projects/new", show: () => <NewProjectPage />, needs: administers },
  { pattern: "/projects/:id/:tab?", show: ({ id = "", tab = "deployments" }) => <ProjectPage key={id} id={id} tab={tab} /> },
  { pattern: "/deployments/:id", show: ({ id = "" }) => <DeploymentPage key={id} id={id} /> },
  { pattern: "/nodes/new", show: () => <AddNodePage />, needs: administers },
  { pattern: "/nodes/:id", show: ({ id = "" }) => <NodePage key={id} id={id} />, needs: session => session.seesAll },
  { pattern: "/audit", show: () => <AuditPage />, needs: administers },
  { pattern: "/tokens", show: () => <TokensPage />, needs: administers },
];

/** The page at a path. */
export function Page({ path }: { path: string }) {
  const session = useSession();
  for (const route of routes) {
    const parts = match(route.pattern, path);
    if (parts) {
      return route.needs && !route.needs(session)
        ? <><h1>Not for this token</h1><Empty title={`The token '${session.who.name}' has the role ${session.who.role}${session.seesAll ? "" : ", limited to projects"}, which does not reach this page.`} /></>
        : route.show(parts);
    }
  }

  return <><title>Not found · VPS Pilot</title><h1>Not found</h1><Empty title="There is no page at this address."><Link href="/">To the overview</Link></Empty></>;
}
