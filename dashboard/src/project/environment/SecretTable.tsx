import { useSession } from "../../app/session";
import { useAction } from "../../api/action";
import { segment, send } from "../../api/client";
import { refresh } from "../../api/resource";
import type { Project, Secret } from "../../api/types";
import { Button } from "../../ui/Button";
import { Confirm } from "../../ui/Confirm";
import { Time } from "../../ui/Time";
import { scopeQuery, scopeText } from "./scope";

interface Props {
  project: Project;
  secrets: Secret[];
  onEdit: (secret: Secret) => void;
}

export function SecretTable({ project, secrets, onEdit }: Props) {
  const session = useSession();
  return (
    <div className="table">
      <table>
        <thead><tr><th scope="col">Name</th><th scope="col">Holds</th><th scope="col">Version</th><th scope="col">Set</th>{session.mayChange ? <th scope="col"><span className="hidden">Change</span></th> : null}</tr></thead>
        <tbody>
          {secrets.map(secret => (
            <tr key={`${secret.scope} ${secret.name}`}>
              <th scope="row"><code>{secret.name}</code></th>
              <td data-label="Holds">{scopeText(secret.scope)}</td>
              <td data-label="Version">{secret.version}</td>
              <td data-label="Set"><Time at={secret.updatedAt} /> by {secret.updatedBy}</td>
              {session.mayChange
                ? <td className="buttons"><Button onClick={() => onEdit(secret)} aria-label={`Replace ${secret.name}`}>Replace</Button><Remove project={project} secret={secret} /></td>
                : null}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Remove({ project, secret }: { project: Project; secret: Secret }) {
  const path = `/api/projects/${segment(project.id)}/env`;
  const remove = useAction(async () => {
    await send("DELETE", `${path}/${segment(secret.name)}?${scopeQuery(secret.scope).toString()}`);
    refresh(path);
  });
  return (
    <Confirm action="Remove" title={`Remove ${secret.name}?`} isBusy={remove.isBusy} error={remove.error} onOpen={remove.clear} onConfirm={remove.run}>
      <p>The value and its versions are deleted. A config that names it fails to deploy from then on.</p>
    </Confirm>
  );
}
