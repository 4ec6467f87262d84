import { useAction } from "../api/action";
import { segment, send } from "../api/client";
import { refresh } from "../api/resource";
import type { Token } from "../api/types";
import { Confirm } from "../ui/Confirm";
import { Time } from "../ui/Time";

export function TokenTable({ tokens }: { tokens: Token[] }) {
  return (
    <div className="table">
      <table>
        <thead><tr><th scope="col">Name</th><th scope="col">Role</th><th scope="col">Projects</th><th scope="col">Last used</th><th scope="col">Ends</th><th scope="col"><span className="hidden">Change</span></th></tr></thead>
        <tbody>
          {tokens.map(token => (
            <tr key={token.id}>
              <th scope="row">{token.name} <code className="muted">{token.prefix}…</code></th>
              <td data-label="Role">{token.role}</td>
              <td data-label="Projects">{token.projects?.join(", ") ?? "all"}</td>
              <td data-label="Last used">{token.lastUsedAt ? <><Time at={token.lastUsedAt} /> from {token.lastUsedFrom}</> : "never"}</td>
              <td data-label="Ends">{token.expiresAt ? <Time at={token.expiresAt} /> : "never"}</td>
              <td className="buttons"><Delete token={token} /></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Delete({ token }: { token: Token }) {
  const remove = useAction(async () => {
    await send("DELETE", `/api/tokens/${segment(token.id)}`);
    refresh("/api/tokens");
  });
  return (
    <Confirm action="Delete" title={`Delete the token ${token.name}?`} isBusy={remove.isBusy} error={remove.error} onOpen={remove.clear} onConfirm={remove.run}>
      <p>Whoever uses it is refused from then on.</p>
    </Confirm>
  );
}
