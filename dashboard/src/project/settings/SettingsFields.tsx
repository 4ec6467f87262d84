import type { ApiError } from "../../api/client";
import { useResource } from "../../api/resource";
import type { Node, Page } from "../../api/types";
import { Field } from "../../ui/Field";
import { providers } from "../webhook/providers";
import type { SettingsForm } from "./form";

interface Props {
  form: SettingsForm;
  onChange: (form: SettingsForm) => void;
  error: ApiError | undefined;
  /** Nodes to offer beyond those that can be listed. */
  known: readonly string[];
  listNodes: boolean;
}

/** The controls of a project's settings. */
export function SettingsFields({ form, onChange, error, known, listNodes }: Props) {
  const nodes = useResource<Page<Node>>(listNodes ? "/api/nodes?limit=200" : null);
  const offered = [...new Set([...known, ...(nodes.value?.items.map(n => n.id) ?? [])])];
  const set = (change: Partial<SettingsForm>) => onChange({ ...form, ...change });
  const pick = (node: string, isOn: boolean) => set({ nodes: isOn ? [...form.nodes, node] : form.nodes.filter(n => n !== node) });
  return (
    <>
      <Field label="Repository" hint="An https, ssh or git URL, or user@host:path." mistake={error?.mistakeAt("$.repository")}>
        {c => <input {...c} required spellCheck={false} value={form.repository} onChange={e => set({ repository: e.target.value })} />}
      </Field>
      <div className="columns">
        <Field label="Branch" mistake={error?.mistakeAt("$.branch")}>{c => <input {...c} required spellCheck={false} value={form.branch} onChange={e => set({ branch: e.target.value })} />}</Field>
        <Field label="Provider" mistake={error?.mistakeAt("$.provider")}>
          {c => <select {...c} value={form.provider} onChange={e => set({ provider: e.target.value })}>{Object.entries(providers).map(([id, p]) => <option key={id} value={id}>{p.name}</option>)}</select>}
        </Field>
        <Field label="Environment" mistake={error?.mistakeAt("$.environment")}>{c => <input {...c} spellCheck={false} value={form.environment} onChange={e => set({ environment: e.target.value })} />}</Field>
      </div>
      <fieldset>
        <legend>Nodes</legend>
        {offered.map(node => <label className="check" key={node}><input type="checkbox" checked={form.nodes.includes(node)} onChange={e => pick(node, e.target.checked)} /> {node}</label>)}
        {offered.length === 0 ? <p className="muted">There is no node yet.</p> : null}
        {error?.mistakeAt("$.nodes") ? <p className="mistake">{error.mistakeAt("$.nodes")}</p> : null}
      </fieldset>
      <label className="check"><input type="checkbox" checked={form.autoDeploy} onChange={e => set({ autoDeploy: e.target.checked })} /> Deploy on a push</label>
      <label className="check"><input type="checkbox" checked={form.buildOnce} onChange={e => set({ buildOnce: e.target.checked })} /> Compile on one node of each system, for all</label>
      <details>
        <summary>More</summary>
        <Field label="Config file" hint="Where in the repository; empty for config.vpspilot.json at its top." mistake={error?.mistakeAt("$.configFile")}>
          {c => <input {...c} spellCheck={false} value={form.configFile} onChange={e => set({ configFile: e.target.value })} />}
        </Field>
        <div className="columns">
          <Field label="Branches" hint="Patterns of more branches that deploy, one a line." mistake={error?.mistakeAt("$.branches")}>{c => <textarea {...c} rows={3} spellCheck={false} value={form.branches} onChange={e => set({ branches: e.target.value })} />}</Field>
          <Field label="Tags" hint="Patterns of tags that deploy." mistake={error?.mistakeAt("$.tags")}>{c => <textarea {...c} rows={3} spellCheck={false} value={form.tags} onChange={e => set({ tags: e.target.value })} />}</Field>
          <Field label="Paths" hint="A push must change one of them." mistake={error?.mistakeAt("$.paths")}>{c => <textarea {...c} rows={3} spellCheck={false} value={form.paths} onChange={e => set({ paths: e.target.value })} />}</Field>
        </div>
        <Field label="Rollout, over what the commit says" hint="JSON with rollout, rolling, canary, offline_wait, offline_nodes; empty for nothing." mistake={error?.mistakeAt("$.deployment")}>
          {c => <textarea {...c} rows={4} spellCheck={false} value={form.deployment} onChange={e => set({ deployment: e.target.value })} />}
        </Field>
      </details>
    </>
  );
}
