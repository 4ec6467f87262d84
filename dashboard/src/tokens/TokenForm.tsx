import { useState } from "react";
import { useAction } from "../api/action";
import { send } from "../api/client";
import { refresh, useResource } from "../api/resource";
import type { CreatedToken, Page, Project, Role } from "../api/types";
import { Button } from "../ui/Button";
import { Copyable } from "../ui/Copyable";
import { Field } from "../ui/Field";
import { Form } from "../ui/Form";
import { Trouble } from "../ui/states";

const roles: Record<Role, string> = { viewer: "viewer: reads", deployer: "deployer: deploys and rolls back", admin: "admin: does everything" };

/** Makes a token, and shows its text once. */
export function TokenForm() {
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  const [days, setDays] = useState("");
  const [chosen, setChosen] = useState<string[]>([]);
  const [made, setMade] = useState<CreatedToken>();
  const projects = useResource<Page<Project>>("/api/projects?limit=200");
  const create = useAction(async () => {
    const expiresAt = days === "" ? undefined : new Date(Date.now() + Number(days) * 86_400_000).toISOString();
    const { value } = await send<CreatedToken>("POST", "/api/tokens", { name, role, projects: chosen.length > 0 ? chosen : undefined, expiresAt });
    setMade(value);
    setName("");
    refresh("/api/tokens");
  });
  return (
    <Form name="New token" onSubmit={() => void create.run()}>
      <h2>New token</h2>
      {made ? <div role="status" className="card good"><p>The token of <strong>{made.details.name}</strong>. Copy it now: it is not shown again.</p><Copyable label="Token" text={made.token} /></div> : null}
      <div className="columns">
        <Field label="Name" hint="Who or what it is for." mistake={create.error?.mistakeAt("$.name")}>{c => <input {...c} required maxLength={100} autoComplete="off" value={name} onChange={e => setName(e.target.value)} />}</Field>
        <Field label="Role" mistake={create.error?.mistakeAt("$.role")}>
          {c => <select {...c} value={role} onChange={e => setRole(e.target.value as Role)}>{Object.entries(roles).map(([id, text]) => <option key={id} value={id}>{text}</option>)}</select>}
        </Field>
        <Field label="Ends after days" hint="Empty for never." mistake={create.error?.mistakeAt("$.expiresAt")}>{c => <input {...c} type="number" min={1} max={3650} value={days} onChange={e => setDays(e.target.value)} />}</Field>
      </div>
      {projects.value?.items.length
        ? (
            <fieldset>
              <legend>Limited to projects (none chosen: all)</legend>
              {projects.value.items.map(p => <label className="check" key={p.id}><input type="checkbox" checked={chosen.includes(p.id)} onChange={e => setChosen(ids => (e.target.checked ? [...ids, p.id] : ids.filter(i => i !== p.id)))} /> {p.id}</label>)}
            </fieldset>
          )
        : null}
      <Trouble error={create.error} />
      <div className="buttons"><Button kind="primary" type="submit" isBusy={create.isBusy}>Make the token</Button></div>
    </Form>
  );
}
