import { useState } from "react";
import { navigate } from "../app/router";
import { useAction } from "../api/action";
import { segment, send } from "../api/client";
import { refresh } from "../api/resource";
import type { CreatedNode, Node } from "../api/types";
import { Button } from "../ui/Button";
import { Confirm } from "../ui/Confirm";
import { Trouble } from "../ui/states";
import { Install } from "./Install";
import { useOperation } from "./operation";

/** What an admin does with a node. */
export function NodeActions({ node }: { node: Node }) {
  const path = `/api/nodes/${segment(node.id)}`;
  const [armed, setArmed] = useState<CreatedNode>();
  const collect = useOperation(`${path}/collect`);
  const enroll = useAction(async () => setArmed((await send<CreatedNode>("POST", `${path}/enrollment`)).value));
  const change = async (work: Promise<unknown>) => {
    await work;
    refresh("/api/nodes");
  };
  const rotate = useAction(() => change(send("POST", `${path}/rotate`)));
  const revoke = useAction(() => change(send("POST", `${path}/revoke`)));
  const remove = useAction(async () => {
    await change(send("DELETE", path));
    navigate("/");
  });
  const isEnrolled = node.state === "online" || node.state === "offline";
  return (
    <section aria-labelledby="manage">
      <h2 id="manage">Manage</h2>
      {armed ? <Install node={armed} /> : null}
      <div className="buttons">
        {isEnrolled
          ? (
              <>
                <Button isBusy={collect.isBusy} onClick={() => void collect.start.run()}>Free disk space</Button>
                <Confirm action="Renew keys" title={`Renew the keys of ${node.name}?`} kind="plain" isBusy={rotate.isBusy} error={rotate.error} onOpen={rotate.clear} onConfirm={rotate.run}>
                  <p>The node makes new key pairs and gets new credentials. Nothing that serves is touched.</p>
                </Confirm>
                <Confirm action="Revoke" title={`Shut ${node.name} out?`} typed={node.id} isBusy={revoke.isBusy} error={revoke.error} onOpen={revoke.clear} onConfirm={revoke.run}>
                  <p>Its keys and credentials end at once. What serves on it goes on; it takes part again when it is enrolled anew.</p>
                </Confirm>
              </>
            )
          : null}
        <Button isBusy={enroll.isBusy} onClick={() => void enroll.run()}>New install command</Button>
        <Confirm action="Remove node" title={`Remove ${node.name}?`} typed={node.id} isBusy={remove.isBusy} error={remove.error} onOpen={remove.clear} onConfirm={remove.run}>
          <p>The node and its queue are deleted here. No project may use it any more.</p>
        </Confirm>
      </div>
      <Trouble error={collect.start.error ?? enroll.error} />
      {collect.operation.value ? <p role="status">{collect.isBusy ? "The node frees disk space…" : `Freeing disk space: ${collect.operation.value.status}.`}</p> : null}
    </section>
  );
}
