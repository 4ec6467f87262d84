import { useState } from "react";
import { useSession } from "../../app/session";
import { useAction } from "../../api/action";
import { segment, send } from "../../api/client";
import { store } from "../../api/resource";
import type { Project } from "../../api/types";
import { Button } from "../../ui/Button";
import { Form } from "../../ui/Form";
import { Trouble } from "../../ui/states";
import { DeleteProject } from "./DeleteProject";
import { changes, formOf, type SettingsForm } from "./form";
import { SettingsFields } from "./SettingsFields";

/** The version that a person began to change. */
interface Base {
  form: SettingsForm;
  etag: string | null;
}

/** A project's settings. What somebody else changed meanwhile is never overwritten unseen. */
export function SettingsTab({ project, etag }: { project: Project; etag: string | null }) {
  const session = useSession();
  const [base, setBase] = useState<Base>({ form: formOf(project), etag });
  const [form, setForm] = useState(base.form);
  const [said, setSaid] = useState("");
  const path = `/api/projects/${segment(project.id)}`;
  const take = (value: Project, version: string | null) => {
    const fresh = formOf(value);
    setBase({ form: fresh, etag: version });
    setForm(fresh);
  };
  const save = useAction(async () => {
    setSaid("");
    const answer = await send<Project>("PATCH", path, changes(base.form, form), base.etag);
    store(path, answer);
    take(answer.value, answer.etag);
    setSaid("Saved.");
  });
  const reload = useAction(async () => {
    const answer = await send<Project>("GET", path);
    store(path, answer);
    take(answer.value, answer.etag);
    save.clear();
  });
  const isStale = save.error?.problem.code === "precondition-failed";
  return (
    <section aria-label="Settings">
      <Form onSubmit={() => void save.run()}>
        <fieldset className="plain" disabled={!session.mayChange}>
          <SettingsFields form={form} onChange={setForm} error={save.error} known={[...project.nodes, ...base.form.nodes]} listNodes={session.mayAdminister} />
        </fieldset>
        {isStale
          ? <div className="trouble" role="alert"><p>Somebody changed the project meanwhile. Nothing of yours was saved.</p><Button isBusy={reload.isBusy} onClick={() => void reload.run()}>Show how it is now</Button></div>
          : <Trouble error={save.error} />}
        {session.mayChange
          ? <div className="buttons"><Button kind="primary" type="submit" isBusy={save.isBusy}>Save</Button><span role="status">{said}</span></div>
          : <p className="muted">Only an admin changes settings.</p>}
      </Form>
      {session.mayChange ? <DeleteProject id={project.id} etag={base.etag} /> : null}
    </section>
  );
}
