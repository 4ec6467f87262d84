import type { ReactNode } from "react";
import type { ApiError } from "../api/client";
import type { Resource } from "../api/resource";

/** There is nothing yet, and what to do about it. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {children}
    </div>
  );
}

export function Loading({ what }: { what: string }) {
  return <p className="loading" role="status">Reading {what}…</p>;
}

/** Why something failed; read out at once. */
export function Trouble({ error }: { error: ApiError | undefined }) {
  if (!error) {
    return null;
  }

  const { problem } = error;
  return (
    <div className="trouble" role="alert">
      <strong>{problem.title}</strong>
      {problem.errors?.length
        ? <ul>{problem.errors.map(e => <li key={e.path + e.message}><code>{e.path}</code> {e.message}</li>)}</ul>
        : problem.detail && problem.detail !== problem.title ? <p>{problem.detail}</p> : null}
    </div>
  );
}

/** What a document says, or why there is none yet. A read that failed later is told above the last value. */
export function Shown<T>({ of, what, children }: { of: Resource<T>; what: string; children: (value: T) => ReactNode }) {
  return (
    <>
      <Trouble error={of.error} />
      {of.value !== undefined ? children(of.value) : of.error ? null : <Loading what={what} />}
    </>
  );
}
