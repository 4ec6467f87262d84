import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("popstate", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("popstate", listener);
  };
}

/** The path that is shown. */
export const usePath = (): string => useSyncExternalStore(subscribe, () => window.location.pathname);

/** Shows another path of the dashboard. */
export function navigate(to: string): void {
  window.history.pushState(null, "", to);
  window.scrollTo(0, 0);
  listeners.forEach(listener => listener());
}

/** The named parts of a path that fits the pattern, such as `/projects/:id/:tab?`; null when it does not. */
export function match(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split("/").filter(Boolean);
  const given = path.split("/").filter(Boolean);
  if (given.length > wanted.length) {
    return null;
  }

  const found: Record<string, string> = {};
  for (const [i, part] of wanted.entries()) {
    const value = given[i];
    if (part.startsWith(":")) {
      if (value !== undefined) {
        found[part.slice(1).replace("?", "")] = decode(value);
      } else if (!part.endsWith("?")) {
        return null;
      }
    } else if (part !== value) {
      return null;
    }
  }

  return found;
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
