import { Link } from "../app/Link";
import { segment } from "../api/client";
import type { AlertRow } from "../api/types";
import { Time } from "../ui/Time";

export function Alerts({ alerts }: { alerts: AlertRow[] }) {
  return (
    <ul className="rows">
      {alerts.map(alert => (
        <li key={alert.nodeId + alert.id}>
          <strong>{alert.message}</strong>
          <span className="muted">
            <code>{alert.code}</code> on <Link href={`/nodes/${segment(alert.nodeId)}`}>{alert.nodeId}</Link>
            {alert.projectId ? <>, <Link href={`/projects/${segment(alert.projectId)}`}>{alert.projectId}</Link></> : null}
            {alert.deploymentId ? <>, <Link href={`/deployments/${segment(alert.deploymentId)}`}>the deployment</Link></> : null}
            {" · "}<Time at={alert.at} />
          </span>
        </li>
      ))}
    </ul>
  );
}
