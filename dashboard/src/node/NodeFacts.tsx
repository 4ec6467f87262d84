import type { Node } from "../api/types";
import { bytes } from "../ui/format";
import { Sparkline } from "./Sparkline";

/** Facts that the agent reports with each heartbeat. */
export function NodeFacts({ node, facts }: { node: Node; facts: NonNullable<Node["facts"]> }) {
  const loads = node.loads ?? [];
  return (
    <dl className="facts">
      <div><dt>Host</dt><dd>{facts.hostName}</dd></div>
      <div><dt>System</dt><dd>{facts.operatingSystem ?? facts.system}</dd></div>
      <div><dt>Nix</dt><dd>{facts.nixVersion ?? "not installed"}</dd></div>
      <div><dt>Agent</dt><dd>{node.agentVersion}</dd></div>
      <div><dt>Processors</dt><dd>{facts.processors}</dd></div>
      <div><dt>Memory</dt><dd>{bytes(facts.memoryBytes ?? 0)}</dd></div>
      <div><dt>Disk</dt><dd>{bytes(facts.diskFreeBytes ?? 0)} free</dd></div>
      <div className="wide">
        <dt>Load</dt>
        <dd>{(facts.load1 ?? 0).toFixed(2)} <Sparkline samples={loads} processors={facts.processors ?? 1} /></dd>
      </div>
    </dl>
  );
}
