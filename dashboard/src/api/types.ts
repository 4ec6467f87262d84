import type { components } from "./schema";

type Schemas = components["schemas"];

export type AlertRow = Schemas["AlertRow"];
export type AuditEntry = Schemas["AuditEntry"];
export type Canary = Schemas["Canary"];
export type CreatedNode = Schemas["CreatedNode"];
export type CreatedToken = Schemas["CreatedToken"];
export type Deployment = Schemas["DeploymentView"];
export type DeploymentNode = Schemas["DeploymentNodeView"];
export type DeploymentStatus = Deployment["status"];
export type Drift = Schemas["Drift"];
export type Failure = Schemas["Failure"];
export type Finding = Schemas["Finding"];
export type Node = Schemas["NodeView"];
export type Operation = Schemas["OperationView"];
export type Problem = Schemas["ProblemDocument"];
export type Project = Schemas["ProjectView"];
export type ProjectRequest = Schemas["ProjectRequest"];
export type Release = Schemas["ReleaseView"];
export type RotatedSecret = Schemas["RotatedSecret"];
export type Secret = Schemas["SecretView"];
export type ServingRelease = Schemas["ServingRelease"];
export type Step = Schemas["StepView"];
export type Token = Schemas["TokenView"];
export type Webhook = Schemas["WebhookView"];
export type WhoAmI = Schemas["WhoAmI"];
export type Role = WhoAmI["role"];

/** A page of a list. */
export interface Page<T> {
  items: T[];
  nextCursor?: string | null;
}
