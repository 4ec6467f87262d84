/** A commit by its first digits, whole on hover. */
export function Commit({ id }: { id: string | null | undefined }) {
  return id ? <code className="commit" title={id}>{id.slice(0, 8)}</code> : <span className="muted">the newest</span>;
}
