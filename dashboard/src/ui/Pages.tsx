import { useState, type ReactNode } from "react";
import { send } from "../api/client";
import { useAction } from "../api/action";
import type { Page } from "../api/types";
import { Button } from "./Button";
import { Trouble } from "./states";

interface Props<T> {
  /** Path of the list, without a cursor. */
  path: string;
  first: Page<T>;
  keyOf: (item: T) => string;
  /** What reads the next page. */
  more?: string;
  children: (items: T[]) => ReactNode;
}

/** A list whose first page is live and whose further pages are read on demand. */
export function Pages<T>({ path, first, keyOf, more: label = "Show older ones", children }: Props<T>) {
  const [older, setOlder] = useState<T[]>([]);
  const [cursor, setCursor] = useState<string | null>();
  const next = cursor === undefined ? first.nextCursor : cursor;
  const more = useAction(async () => {
    const { value } = await send<Page<T>>("GET", `${path}${path.includes("?") ? "&" : "?"}cursor=${encodeURIComponent(next ?? "")}`);
    setOlder(items => [...items, ...value.items]);
    setCursor(value.nextCursor ?? null);
  });

  // What was on the second page moves to the first as new ones come: each is shown once.
  const shown = new Map([...older, ...first.items].map(item => [keyOf(item), item]));
  const recent = first.items.map(keyOf);
  const items = [...first.items, ...[...shown.entries()].filter(([key]) => !recent.includes(key)).map(([, item]) => item)];
  return (
    <>
      {children(items)}
      <Trouble error={more.error} />
      {next ? <p><Button isBusy={more.isBusy} onClick={() => void more.run()}>{label}</Button></p> : null}
    </>
  );
}
