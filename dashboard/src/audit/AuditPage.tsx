import { useState } from "react";
import { useResource } from "../api/resource";
import type { AuditEntry, Page } from "../api/types";
import { Empty, Shown } from "../ui/states";
import { Pages } from "../ui/Pages";
import { AuditTable } from "./AuditTable";

const path = "/api/audit?limit=50";

/** Who did what, when and from where. */
export function AuditPage() {
  const [text, setText] = useState("");
  const audit = useResource<Page<AuditEntry>>(path, 15);
  return (
    <>
      <title>Audit · VPS Pilot</title>
      <h1>Audit</h1>
      <div className="tools"><input type="search" aria-label="Filter what is shown" placeholder="Filter what is shown" value={text} onChange={e => setText(e.target.value)} /></div>
      <Shown of={audit} what="the audit log">
        {first => first.items.length > 0
          ? <Pages path={path} first={first} keyOf={e => e.id ?? `${e.at ?? ""}${e.path}`}>{items => <AuditTable entries={items.filter(e => fits(e, text))} />}</Pages>
          : <Empty title="Nothing was done yet." />}
      </Shown>
    </>
  );
}

function fits(entry: AuditEntry, text: string): boolean {
  return text === "" || [entry.who, entry.what, entry.path, entry.from, entry.detail, String(entry.status)].some(part => part?.toLowerCase().includes(text.toLowerCase()));
}
