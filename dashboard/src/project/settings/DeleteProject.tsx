import { navigate } from "../../app/router";
import { useAction } from "../../api/action";
import { segment, send } from "../../api/client";
import { refresh } from "../../api/resource";
import { Confirm } from "../../ui/Confirm";

export function DeleteProject({ id, etag }: { id: string; etag: string | null }) {
  const remove = useAction(async () => {
    await send("DELETE", `/api/projects/${segment(id)}`, undefined, etag);
    navigate("/");
    refresh("/api/projects");
  });
  return (
    <Confirm action="Delete project" title={`Delete ${id}?`} typed={id} isBusy={remove.isBusy} error={remove.error} onOpen={remove.clear} onConfirm={remove.run}>
      <p>Its values, releases and webhook are forgotten here. What serves on the nodes goes on serving.</p>
    </Confirm>
  );
}
