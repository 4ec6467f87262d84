import { useState } from "react";
import { Link } from "../app/Link";
import { useAction } from "../api/action";
import { segment, send } from "../api/client";
import { refresh, useResource } from "../api/resource";
import type { Project, Webhook } from "../api/types";
import { Button } from "../ui/Button";
import { Field } from "../ui/Field";
import { Form } from "../ui/Form";
import { Trouble } from "../ui/states";
import { creation, emptyForm } from "./settings/form";
import { SettingsFields } from "./settings/SettingsFields";
import { FirstDelivery } from "./webhook/FirstDelivery";
import { Instructions } from "./webhook/Instructions";

/** Makes a project, and then waits with the person for the first delivery of its webhook. */
export function NewProjectPage() {
  const [id, setId] = useState("");
  const [form, setForm] = useState(emptyForm);
  const [made, setMade] = useState<Project>();
  const create = useAction(async () => {
    const { value } = await send<Project>("POST", "/api/projects", creation(id, form));
    refresh("/api/projects");
    setMade(value);
  });
  return (
    <>
      <title>New project · VPS Pilot</title>
      <h1>New project</h1>
      {made
        ? <Made project={made} />
        : (
            <Form onSubmit={() => void create.run()}>
              <Field label="Name" hint="Lower-case letters, digits and dashes; it cannot be changed." mistake={create.error?.mistakeAt("$.id")}>
                {c => <input {...c} required autoFocus autoComplete="off" spellCheck={false} value={id} onChange={e => setId(e.target.value)} />}
              </Field>
              <SettingsFields form={form} onChange={setForm} error={create.error} known={[]} listNodes />
              <Trouble error={create.error} />
              <div className="buttons"><Button kind="primary" type="submit" isBusy={create.isBusy}>Make the project</Button></div>
            </Form>
          )}
    </>
  );
}

function Made({ project }: { project: Project }) {
  const webhook = useResource<Webhook>(`/api/projects/${segment(project.id)}/webhook`, 3);
  return (
    <>
      <p><strong>{project.id}</strong> is there. Tell {project.repository} about it, so that pushes deploy:</p>
      <Instructions provider={project.provider} url={project.webhookUrl} secret={project.webhookSecret ?? undefined} />
      {webhook.value ? <FirstDelivery webhook={webhook.value} /> : null}
      <p><Link className="button" href={`/projects/${segment(project.id)}`}>To the project</Link></p>
    </>
  );
}
