import { useState } from "react";
import { useSession } from "../../app/session";
import { segment } from "../../api/client";
import { useResource } from "../../api/resource";
import type { Page, Project, Secret } from "../../api/types";
import { Empty, Shown } from "../../ui/states";
import { SecretForm } from "./SecretForm";
import { SecretTable } from "./SecretTable";

/** The values that an app gets. They go in and never come out: what is shown is which there are. */
export function EnvironmentTab({ project }: { project: Project }) {
  const session = useSession();
  const [edited, setEdited] = useState<Secret>();
  const [said, setSaid] = useState("");
  const done = (text: string) => {
    setEdited(undefined);
    setSaid(text);
  };
  const secrets = useResource<Page<Secret>>(`/api/projects/${segment(project.id)}/env`, 60);
  return (
    <section aria-label="Environment">
      <p className="muted">A value takes the place of <code>{"{{NAME}}"}</code> in the app's config. Values are never shown again; a new one counts from the next deployment on, or after a restart with the newest values.</p>
      <Shown of={secrets} what="the names">
        {page => page.items.length > 0 ? <SecretTable project={project} secrets={page.items} onEdit={setEdited} /> : <Empty title="There is no value yet." />}
      </Shown>
      {session.mayChange ? <SecretForm key={edited ? `${edited.scope} ${edited.name} ${edited.version}` : ""} project={project} edited={edited} onDone={done} /> : null}
      <p role="status">{said}</p>
    </section>
  );
}
