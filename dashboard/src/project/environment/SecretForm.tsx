import { useState } from "react";
import { useAction } from "../../api/action";
import { segment, send } from "../../api/client";
import { refresh } from "../../api/resource";
import type { Project, Secret } from "../../api/types";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Form } from "../../ui/Form";
import { Trouble } from "../../ui/states";
import { scopeQuery, scopeText } from "./scope";

interface Props {
  project: Project;
  /** The one that gets a new value; undefined for one that is new. */
  edited: Secret | undefined;
  /** Told what was done; an empty text for nothing. */
  onDone: (said: string) => void;
}

/** Sets a value. Nothing of it stays on the page. */
export function SecretForm({ project, edited, onDone }: Props) {
  const [name, setName] = useState(edited?.name ?? "");
  const [value, setValue] = useState("");
  const [isSeen, setSeen] = useState(false);
  const [scope, setScope] = useState(edited?.scope ?? "project");
  const [restart, setRestart] = useState(false);
  const path = `/api/projects/${segment(project.id)}/env`;
  const save = useAction(async () => {
    const query = scopeQuery(scope);
    if (restart) {
      query.set("restart", "true");
    }

    await send("PUT", `${path}/${segment(name)}?${query.toString()}`, { value });
    setName("");
    setValue("");
    refresh(path);
    onDone(`${name} is set${restart ? ", and the project restarts with it" : ""}.`);
  });
  const scopes = [...new Set(["project", `environment:${project.environment}`, ...project.nodes.map(n => `node:${n}`), scope])];
  return (
    <Form name={edited ? `A new value of ${edited.name}` : "A value"} onSubmit={() => void save.run()}>
      <h2>{edited ? `A new value of ${edited.name}` : "Set a value"}</h2>
      <div className="columns">
        <Field label="Name" mistake={save.error?.mistakeAt("name")}>
          {control => <input {...control} required pattern="[A-Za-z_][A-Za-z0-9_]{0,127}" title="Letters, digits and underscores, not starting with a digit" autoComplete="off" spellCheck={false} readOnly={edited !== undefined} value={name} onChange={e => setName(e.target.value)} />}
        </Field>
        <Field label="Holds" hint="A node wins over the environment, that over everywhere.">
          {control => <select {...control} disabled={edited !== undefined} value={scope} onChange={e => setScope(e.target.value)}>{scopes.map(s => <option key={s} value={s}>{scopeText(s)}</option>)}</select>}
        </Field>
      </div>
      <Field label="Value" mistake={save.error?.mistakeAt("$.value")}>
        {control => <textarea {...control} className={isSeen ? "" : "masked"} rows={2} autoComplete="off" spellCheck={false} autoFocus={edited !== undefined} value={value} onChange={e => setValue(e.target.value)} />}
      </Field>
      <label className="check"><input type="checkbox" checked={isSeen} onChange={e => setSeen(e.target.checked)} /> Show it while I type</label>
      <label className="check"><input type="checkbox" checked={restart} onChange={e => setRestart(e.target.checked)} /> Restart the project with it now</label>
      <Trouble error={save.error} />
      <div className="buttons">
        <Button kind="primary" type="submit" isBusy={save.isBusy}>Save</Button>
        {edited ? <Button onClick={() => onDone("")}>Leave it</Button> : null}
      </div>
    </Form>
  );
}
