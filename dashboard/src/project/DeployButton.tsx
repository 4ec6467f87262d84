import { navigate } from "../app/router";
import { useAction } from "../api/action";
import { segment, send } from "../api/client";
import type { Deployment, Project } from "../api/types";
import { Button } from "../ui/Button";
import { Trouble } from "../ui/states";

/** Deploys the branch's newest commit, and shows how it goes. */
export function DeployButton({ project }: { project: Project }) {
  const deploy = useAction(async () => {
    const { value } = await send<Deployment>("POST", `/api/projects/${segment(project.id)}/deployments`, {});
    navigate(`/deployments/${segment(value.id)}`);
  });
  return (
    <>
      <Button kind="primary" isBusy={deploy.isBusy} onClick={() => void deploy.run()}>Deploy {project.branch}</Button>
      <Trouble error={deploy.error} />
    </>
  );
}
