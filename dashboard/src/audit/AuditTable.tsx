import type { AuditEntry } from "../api/types";
import { Badge } from "../ui/Badge";
import { Empty } from "../ui/states";
import { Time } from "../ui/Time";

export function AuditTable({ entries }: { entries: AuditEntry[] }) {
  return entries.length === 0 ? <Empty title="Nothing that is shown fits." /> : (
    <div className="table">
      <table>
        <thead><tr><th scope="col">What</th><th scope="col">Who</th><th scope="col">When</th><th scope="col">From</th><th scope="col">Answer</th></tr></thead>
        <tbody>{entries.map(entry => <Row key={entry.id ?? `${entry.at ?? ""}${entry.path}`} entry={entry} />)}</tbody>
      </table>
    </div>
  );
}

function Row({ entry }: { entry: AuditEntry }) {
  const status = entry.status ?? 0;
  return (
    <tr>
      <th scope="row">
        {entry.what}
        <span className="muted path">{entry.method} {entry.path}</span>
        {entry.detail ? <span className="muted path">{entry.detail}</span> : null}
        {entry.before || entry.after ? <details><summary>What changed</summary><Change name="Before" value={entry.before} /><Change name="After" value={entry.after} /></details> : null}
      </th>
      <td data-label="Who">{entry.who ?? <span className="muted">unknown</span>}</td>
      <td data-label="When">{entry.at ? <Time at={entry.at} /> : null}</td>
      <td data-label="From">{entry.from}</td>
      <td data-label="Answer"><Badge tone={status < 400 ? "good" : "bad"}>{String(status)}</Badge></td>
    </tr>
  );
}

function Change({ name, value }: { name: string; value: AuditEntry["before"] }) {
  return value ? <><p className="hint">{name}</p><pre tabIndex={0} aria-label={name}>{JSON.stringify(value, null, 2)}</pre></> : null;
}
