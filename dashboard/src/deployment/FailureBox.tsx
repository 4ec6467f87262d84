import type { Failure } from "../api/types";

/** Why something failed, where, and what to do next. */
export function FailureBox({ failure }: { failure: Failure }) {
  return (
    <section className="trouble" aria-label="Why it failed">
      <p><strong>{failure.step}</strong>: {failure.message}</p>
      {failure.problems?.length
        ? <ul>{failure.problems.map(p => <li key={p.path + p.message}><code>{p.path}</code>{p.line ? ` (line ${p.line})` : ""} {p.message}</li>)}</ul>
        : null}
      {failure.hint ? <p>{failure.hint}</p> : null}
      {failure.exitCode == null ? null : <p>Exit code {failure.exitCode}.</p>}
      {failure.stderrTail ? <pre tabIndex={0} aria-label="Its last lines">{failure.stderrTail}</pre> : null}
    </section>
  );
}
