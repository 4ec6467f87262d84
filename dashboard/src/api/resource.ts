import { useCallback, useEffect, useSyncExternalStore } from "react";
import { asApiError, send, type ApiError, type Answer } from "./client";

/** What is known of a document of the API. */
export interface Resource<T> {
  /** The last value that came; undefined until the first. */
  readonly value: T | undefined;
  readonly etag: string | null;
  /** Why the last read failed; undefined when it did not. */
  readonly error: ApiError | undefined;
}

interface Entry {
  state: Resource<unknown>;
  listeners: Set<() => void>;
  reading: boolean;
  /** Something changed while it was being read. */
  again: boolean;
  timer: number | undefined;
}

const nothing: Resource<never> = { value: undefined, etag: null, error: undefined };
const entries = new Map<string, Entry>();
const settle = 80;

/** A document, read when the first component wants it, shared by all, and kept fresh by `refresh`. With a null path nothing is read. */
export function useResource<T>(path: string | null, everySeconds?: number): Resource<T> {
  const subscribe = useCallback((listener: () => void) => (path === null ? () => undefined : listen(path, listener)), [path]);
  const state = useSyncExternalStore(subscribe, () => (path === null ? nothing : (entries.get(path)?.state ?? nothing)));
  useEffect(() => {
    if (path === null || everySeconds === undefined) {
      return undefined;
    }

    const timer = window.setInterval(() => document.hidden || void read(path), everySeconds * 1000);
    return () => window.clearInterval(timer);
  }, [path, everySeconds]);
  return state as Resource<T>;
}

/** Reads the shown documents below a path again, soon; many calls at once cost one read. */
export function refresh(prefix: string): void {
  for (const [path, entry] of entries) {
    if (path.startsWith(prefix) && entry.listeners.size > 0) {
      window.clearTimeout(entry.timer);
      entry.timer = window.setTimeout(() => void read(path), settle);
    } else if (path.startsWith(prefix)) {
      entries.delete(path);
    }
  }
}

/** Puts in what a change answered, so that nobody sees the earlier value again. */
export function store<T>(path: string, answer: Answer<T>): void {
  const entry = entries.get(path);
  if (entry) {
    publish(entry, { value: answer.value, etag: answer.etag, error: undefined });
  }
}

/** Forgets everything, for the next person. */
export function forgetAll(): void {
  entries.clear();
}

function listen(path: string, listener: () => void): () => void {
  let entry = entries.get(path);
  if (!entry) {
    entry = { state: nothing, listeners: new Set(), reading: false, again: false, timer: undefined };
    entries.set(path, entry);
  }

  const own = entry;
  own.listeners.add(listener);
  void read(path);
  return () => own.listeners.delete(listener);
}

async function read(path: string): Promise<void> {
  const entry = entries.get(path);
  if (!entry) {
    return;
  }

  if (entry.reading) {
    entry.again = true;
    return;
  }

  entry.reading = true;
  try {
    const answer = await send<unknown>("GET", path);
    publish(entry, { value: answer.value, etag: answer.etag, error: undefined });
  } catch (error) {
    publish(entry, { ...entry.state, error: asApiError(error) });
  } finally {
    entry.reading = false;
    if (entry.again) {
      entry.again = false;
      void read(path);
    }
  }
}

function publish(entry: Entry, state: Resource<unknown>): void {
  entry.state = state;
  entry.listeners.forEach(listener => listener());
}
