import type { Problem } from "./types";

/** A request that was refused or did not arrive; `message` is for a person. */
export class ApiError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail ?? problem.title);
    this.name = "ApiError";
  }

  get status(): number {
    return this.problem.status;
  }

  /** The mistake at a path such as `$.name`; undefined when there is none. */
  mistakeAt(path: string): string | undefined {
    const mistakes = this.problem.errors?.filter(e => e.path === path || e.path.startsWith(`${path}[`) || e.path.startsWith(`${path}.`));
    return mistakes?.length ? mistakes.map(e => e.message).join(" ") : undefined;
  }
}

/** An answer with the version of the document, for `If-Match`. */
export interface Answer<T> {
  value: T;
  etag: string | null;
}

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

type Listener = () => void;
const onSignedOut = new Set<Listener>();

/** Calls the listener when the server no longer knows the session. */
export function listenForSignOut(listener: Listener): () => void {
  onSignedOut.add(listener);
  return () => onSignedOut.delete(listener);
}

const unreachable: Problem = { type: "about:blank", status: 0, code: "unreachable", title: "The control plane does not answer.", detail: "The control plane does not answer. It is tried again by itself." };

/** What went wrong, as an ApiError. */
export function asApiError(error: unknown): ApiError {
  return error instanceof ApiError ? error : new ApiError(unreachable);
}

/** The response of a request, whatever its status is above 400 made an ApiError. */
export async function request(method: Method, path: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(path, { ...init, method, credentials: "same-origin", cache: "no-store" });
  if (response.ok) {
    return response;
  }

  if (response.status === 401 && path !== "/api/session") {
    onSignedOut.forEach(listener => listener());
  }

  const text = await response.text();
  throw new ApiError(problemOf(text) ?? { type: "about:blank", status: response.status, code: "unknown", title: `The control plane answered ${response.status}.` });
}

/** Sends JSON, reads JSON; an answer without a body is undefined. */
export async function send<T>(method: Method, path: string, body?: unknown, etag?: string | null): Promise<Answer<T>> {
  const headers = new Headers();
  if (body !== undefined) {
    headers.set("Content-Type", "application/json");
  }

  if (etag) {
    headers.set("If-Match", etag);
  }

  const response = await request(method, path, body === undefined ? { headers } : { headers, body: JSON.stringify(body) });
  const text = await response.text();
  return { value: (text === "" ? undefined : JSON.parse(text)) as T, etag: response.headers.get("ETag") };
}

/** One segment of a path. */
export const segment = encodeURIComponent;

function problemOf(text: string): Problem | undefined {
  try {
    const value = JSON.parse(text) as Partial<Problem> | null;
    return typeof value?.title === "string" && typeof value.status === "number" ? (value as Problem) : undefined;
  } catch {
    return undefined;
  }
}
