import { ApiError } from "../../api/client";
import type { Project, ProjectRequest } from "../../api/types";

/** A project's settings as a form has them: lists as text. */
export interface SettingsForm {
  repository: string;
  branch: string;
  configFile: string;
  nodes: string[];
  provider: string;
  autoDeploy: boolean;
  buildOnce: boolean;
  environment: string;
  branches: string;
  tags: string;
  paths: string;
  /** What holds over the commit's `deployment` block, as JSON; empty for nothing. */
  deployment: string;
}

export const emptyForm: SettingsForm = {
  repository: "", branch: "main", configFile: "", nodes: [], provider: "github", autoDeploy: true, buildOnce: false, environment: "production", branches: "", tags: "", paths: "", deployment: "",
};

/** One pattern a line. */
export const patterns = (text: string): string[] => text.split("\n").map(line => line.trim()).filter(line => line !== "");

export function formOf(project: Project): SettingsForm {
  return {
    repository: project.repository,
    branch: project.branch,
    configFile: project.configFile ?? "",
    nodes: project.nodes,
    provider: project.provider,
    autoDeploy: project.autoDeploy,
    buildOnce: project.buildOnce,
    environment: project.environment,
    branches: (project.branches ?? []).join("\n"),
    tags: (project.tags ?? []).join("\n"),
    paths: (project.paths ?? []).join("\n"),
    deployment: project.deployment == null ? "" : JSON.stringify(project.deployment, null, 2),
  };
}

/** What is to be changed: only what differs, so that nobody's change of something else is taken back. */
export function changes(from: SettingsForm, to: SettingsForm): ProjectRequest {
  const keys = (Object.keys(to) as (keyof SettingsForm)[]).filter(key => JSON.stringify(from[key]) !== JSON.stringify(to[key]));
  return Object.fromEntries(keys.map(key => [key, valueOf(to, key)]));
}

/** A whole project that is to be made. */
export function creation(id: string, form: SettingsForm): ProjectRequest {
  return { id, ...changes({ ...emptyForm, repository: "-", nodes: ["-"] }, form) };
}

function valueOf(form: SettingsForm, key: keyof SettingsForm): unknown {
  switch (key) {
    case "branches":
    case "tags":
    case "paths":
      return patterns(form[key]);
    case "deployment":
      return form.deployment.trim() === "" ? null : parse(form.deployment);
    default:
      return form[key];
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : "";
    throw new ApiError({ type: "about:blank", status: 400, code: "invalid-request", title: "The rollout is not valid JSON.", errors: [{ path: "$.deployment", message, line: null }] });
  }
}
