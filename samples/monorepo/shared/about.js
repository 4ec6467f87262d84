// What both projects of this repository say about it.
export const about = { repository: "hello-monorepo", version: "1.0.0" };
