import { useState } from "react";
import { useSession } from "../../app/session";
import { useAction } from "../../api/action";
import { segment, send } from "../../api/client";
import { useResource } from "../../api/resource";
import type { Project, RotatedSecret, Webhook } from "../../api/types";
import { Confirm } from "../../ui/Confirm";
import { Shown } from "../../ui/states";
import { FirstDelivery } from "./FirstDelivery";
import { Instructions } from "./Instructions";

/** How pushes reach the project, and whether they do. */
export function WebhookTab({ project }: { project: Project }) {
  const session = useSession();
  const [secret, setSecret] = useState<string>();
  const path = `/api/projects/${segment(project.id)}/webhook`;
  const [isWaiting, setWaiting] = useState(true);
  const webhook = useResource<Webhook>(path, isWaiting ? 3 : 30);
  const came = webhook.value?.lastDelivery != null;
  if (came === isWaiting) {
    setWaiting(!came);
  }

  const rotate = useAction(async () => setSecret((await send<RotatedSecret>("POST", `${path}-secret`, {})).value.webhookSecret));
  return (
    <section aria-label="Webhook">
      <Shown of={webhook} what="the webhook">
        {value => (
          <>
            <FirstDelivery webhook={value} />
            <Instructions provider={value.provider} url={value.url} secret={secret} />
          </>
        )}
      </Shown>
      {session.mayChange
        ? (
            <Confirm action="New secret" title="Make a new secret?" kind="plain" isBusy={rotate.isBusy} error={rotate.error} onOpen={rotate.clear} onConfirm={rotate.run}>
              <p>It is shown once. The secret of now counts for 24 hours more, so that nothing is lost while you change it at the provider.</p>
            </Confirm>
          )
        : null}
    </section>
  );
}
