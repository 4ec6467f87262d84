import type { DeploymentNode, DeploymentStatus } from "../api/types";
import { Badge, type Tone } from "../ui/Badge";

const tones: Record<DeploymentStatus | DeploymentNode["status"], Tone> = {
  queued: "quiet", building: "busy", activating: "busy", watching: "busy",
  succeeded: "good", failed: "bad", "rolled-back": "bad", canceled: "warning", superseded: "quiet",
  pending: "quiet", built: "busy", lost: "bad", excluded: "warning",
};

const running: readonly DeploymentStatus[] = ["queued", "building", "activating", "watching"];

/** Whether a deployment has ended. */
export const hasEnded = (status: DeploymentStatus): boolean => !running.includes(status);

/** The status of a deployment, or of one node in it. */
export const DeploymentState = ({ status }: { status: DeploymentStatus | DeploymentNode["status"] }) => <Badge tone={tones[status]}>{status}</Badge>;
