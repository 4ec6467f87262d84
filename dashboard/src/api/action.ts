import { useCallback, useRef, useState } from "react";
import { asApiError, type ApiError } from "./client";

/** Something that a person starts, at most once at a time. */
export interface Action<A extends unknown[]> {
  /** True when it succeeded. */
  run: (...given: A) => Promise<boolean>;
  isBusy: boolean;
  /** Why it failed the last time; undefined when it did not. */
  error: ApiError | undefined;
  clear: () => void;
}

export function useAction<A extends unknown[]>(work: (...given: A) => Promise<unknown>): Action<A> {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError>();
  const busy = useRef(false);
  const run = async (...given: A) => {
    if (busy.current) {
      return false;
    }

    busy.current = true;
    setBusy(true);
    setError(undefined);
    try {
      await work(...given);
      return true;
    } catch (failure) {
      setError(asApiError(failure));
      return false;
    } finally {
      busy.current = false;
      setBusy(false);
    }
  };
  const clear = useCallback(() => setError(undefined), []);
  return { run, isBusy, error, clear };
}
