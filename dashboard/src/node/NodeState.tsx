import { Badge, type Tone } from "../ui/Badge";

const tones: Record<string, Tone> = { online: "good", offline: "bad", pending: "quiet", revoked: "warning" };

/** The state of a node. */
export const NodeState = ({ state }: { state: string }) => <Badge tone={tones[state] ?? "quiet"}>{state}</Badge>;
