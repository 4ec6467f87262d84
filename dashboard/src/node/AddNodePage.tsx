import { useState } from "react";
import { Link } from "../app/Link";
import { useAction } from "../api/action";
import { segment, send } from "../api/client";
import { refresh } from "../api/resource";
import type { CreatedNode } from "../api/types";
import { Button } from "../ui/Button";
import { Field } from "../ui/Field";
import { Form } from "../ui/Form";
import { Trouble } from "../ui/states";
import { Install } from "./Install";

/** Adds a node: a name, one command on the server, and a light that turns green when its agent is heard. */
export function AddNodePage() {
  const [name, setName] = useState("");
  const [labels, setLabels] = useState("");
  const [made, setMade] = useState<CreatedNode>();
  const create = useAction(async () => {
    setMade((await send<CreatedNode>("POST", "/api/nodes", { name, labels: parseLabels(labels) })).value);
    refresh("/api/nodes");
  });
  return (
    <>
      <title>Add a node · VPS Pilot</title>
      <h1>Add a node</h1>
      <ol className="wizard">
        <li aria-current={made ? undefined : "step"}>
          <h2>Name it</h2>
          {made
            ? <p>The node is <strong>{made.name}</strong>.</p>
            : (
                <Form onSubmit={() => void create.run()}>
                  <Field label="Name" hint="Lower-case letters, digits and dashes, such as web-1." mistake={create.error?.mistakeAt("$.name")}>
                    {c => <input {...c} required autoFocus autoComplete="off" spellCheck={false} value={name} onChange={e => setName(e.target.value)} />}
                  </Field>
                  <Field label="Labels" hint="One a line, such as region=eu; none are needed." mistake={create.error?.mistakeAt("$.labels")}>
                    {c => <textarea {...c} rows={2} spellCheck={false} value={labels} onChange={e => setLabels(e.target.value)} />}
                  </Field>
                  <Trouble error={create.error} />
                  <Button kind="primary" type="submit" isBusy={create.isBusy}>Go on</Button>
                </Form>
              )}
        </li>
        <li aria-current={made ? "step" : undefined}>
          <h2>Run one command on it</h2>
          {made ? <Install node={made} /> : <p className="muted">It comes next.</p>}
        </li>
      </ol>
      {made ? <p><Link className="button" href={`/nodes/${segment(made.id)}`}>To the node</Link></p> : null}
    </>
  );
}

function parseLabels(text: string): Record<string, string> {
  const pairs = text.split("\n").map(line => line.trim()).filter(line => line !== "");
  return Object.fromEntries(pairs.map(line => {
    const at = line.indexOf("=");
    return at < 0 ? [line, ""] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
  }));
}
