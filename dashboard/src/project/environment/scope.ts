/** The query that narrows a value to a scope as the API names it: `project`, `environment:NAME` or `node:ID`. */
export function scopeQuery(scope: string): URLSearchParams {
  const at = scope.indexOf(":");
  return new URLSearchParams(at < 0 ? {} : { [scope.slice(0, at)]: scope.slice(at + 1) });
}

/** A scope in words. */
export function scopeText(scope: string): string {
  const at = scope.indexOf(":");
  return at < 0 ? "everywhere" : `${scope.slice(0, at)} ${scope.slice(at + 1)}`;
}
