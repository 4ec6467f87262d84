import { useState } from "react";
import { useAction } from "../api/action";
import { segment, send } from "../api/client";
import { useResource, type Resource } from "../api/resource";
import type { Operation } from "../api/types";

/** Something that nodes do on request, from the press of a button to what they answered. */
export function useOperation(path: string) {
  const [id, setId] = useState<string>();
  const [isRunning, setRunning] = useState(false);
  const operation: Resource<Operation> = useResource<Operation>(id === undefined ? null : `/api/operations/${segment(id)}`, isRunning ? 1 : undefined);
  if (isRunning && operation.value && operation.value.status !== "running") {
    setRunning(false);
  }

  const start = useAction(async () => {
    setId((await send<Operation>("POST", path)).value.id);
    setRunning(true);
  });
  return { start, operation, isBusy: start.isBusy || isRunning };
}
