import { segment } from "../api/client";
import { useResource } from "../api/resource";
import type { CreatedNode, Node } from "../api/types";
import { Badge } from "../ui/Badge";
import { Copyable } from "../ui/Copyable";
import { Time } from "../ui/Time";

/** The install command, and whether the agent has been heard since. */
export function Install({ node }: { node: CreatedNode }) {
  const { value } = useResource<Node>(`/api/nodes/${segment(node.id)}`, 2);
  const isOnline = value?.state === "online";
  return (
    <>
      {isOnline ? null : <p>As root, on the server. It works once, and ends <Time at={node.expiresAt} />:</p>}
      {isOnline ? null : <Copyable label="Install command" text={node.installCommand} />}
      <div className={isOnline ? "card good" : "card"} role="status">
        {isOnline
          ? <p><Badge tone="good">online</Badge> The agent of {node.name} reports{value.facts ? `: ${value.facts.hostName}, ${value.facts.operatingSystem ?? value.facts.system}` : ""}.</p>
          : <p><Badge tone="busy">waiting</Badge> Waiting for the agent of {node.name} to report.</p>}
      </div>
    </>
  );
}
