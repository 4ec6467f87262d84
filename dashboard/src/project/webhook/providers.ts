/** How a provider's webhook is set up, in its own words. */
export interface Provider {
  name: string;
  /** Where the form is. */
  where: string;
  /** What goes into its fields, in their order; `secret` and `url` stand for the two values. */
  fields: readonly (readonly [field: string, value: string])[];
  /** What the provider sends first. */
  first: string;
}

const push = "Push events";

/** By the id that a project names its provider with. */
export const providers: Readonly<Record<string, Provider>> = {
  github: {
    name: "GitHub",
    where: "Settings → Webhooks → Add webhook",
    fields: [["Payload URL", "url"], ["Content type", "application/json"], ["Secret", "secret"], ["Events", "Just the push event"]],
    first: "GitHub sends a ping as soon as the webhook is saved.",
  },
  gitlab: {
    name: "GitLab",
    where: "Settings → Webhooks → Add new webhook",
    fields: [["URL", "url"], ["Secret token", "secret"], ["Trigger", push]],
    first: "Send one with Test → Push events.",
  },
  gitea: {
    name: "Gitea",
    where: "Settings → Webhooks → Add Webhook → Gitea",
    fields: [["Target URL", "url"], ["POST Content Type", "application/json"], ["Secret", "secret"], ["Trigger On", push]],
    first: "Send one with Test Delivery.",
  },
  forgejo: {
    name: "Forgejo",
    where: "Settings → Webhooks → Add webhook → Forgejo",
    fields: [["Target URL", "url"], ["POST content type", "application/json"], ["Secret", "secret"], ["Trigger on", push]],
    first: "Send one with Test delivery.",
  },
  bitbucket: {
    name: "Bitbucket",
    where: "Repository settings → Webhooks → Add webhook",
    fields: [["URL", "url"], ["Secret", "secret"], ["Triggers", "Repository push"]],
    first: "Bitbucket sends the first one with the next push.",
  },
  generic: {
    name: "CI",
    where: "A step of your pipeline",
    fields: [["URL", "url"], ["Secret", "secret"], ["Signature", "see “Webhooks” in the documentation"]],
    first: "The first one comes with the next run.",
  },
};
