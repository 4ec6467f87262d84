import type { Webhook } from "../../api/types";
import { Badge } from "../../ui/Badge";
import { Time } from "../../ui/Time";
import { providers } from "./providers";

/** Whether the webhook was heard of, and what came of the last delivery. */
export function FirstDelivery({ webhook }: { webhook: Webhook }) {
  const { lastDelivery: last } = webhook;
  return (
    <div className={last ? "card good" : "card"} role="status">
      {last
        ? <p><Badge tone="good">works</Badge> The last delivery came <Time at={last.at} />{last.ignored ? ` and deployed nothing: ${last.ignored}.` : " and started a deployment."}</p>
        : <p><Badge tone="busy">waiting</Badge> Waiting for the first delivery. {providers[webhook.provider]?.first}</p>}
    </div>
  );
}
