import { useEffect, useRef, useState, type ReactNode } from "react";
import type { ApiError } from "../api/client";
import { Button } from "./Button";
import { Trouble } from "./states";

interface Props {
  /** Text of the button that asks. */
  action: string;
  title: string;
  children: ReactNode;
  /** What has to be typed first; undefined for nothing. */
  typed?: string;
  kind?: "danger" | "primary" | "plain";
  isBusy: boolean;
  error: ApiError | undefined;
  /** True when it is done. */
  onConfirm: () => Promise<boolean>;
  onOpen?: () => void;
}

/** A button whose work is done only after a second word. */
export function Confirm({ action, title, children, typed, kind = "danger", isBusy, error, onConfirm, onOpen }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [isOpen, setOpen] = useState(false);
  const [text, setText] = useState("");
  useEffect(() => {
    if (isOpen) {
      dialog.current?.showModal();
    }
  }, [isOpen]);

  const open = () => {
    onOpen?.();
    setText("");
    setOpen(true);
  };
  const confirm = async () => {
    if ((typed === undefined || text === typed) && (await onConfirm())) {
      dialog.current?.close();
    }
  };
  return (
    <>
      <Button kind={kind} onClick={open}>{action}</Button>
      {isOpen
        ? (
            <dialog ref={dialog} aria-label={title} onClose={() => setOpen(false)}>
              <h2>{title}</h2>
              {children}
              {typed === undefined
                ? null
                : <label className="field">Type <code>{typed}</code> to go on<input value={text} autoComplete="off" onChange={e => setText(e.target.value)} /></label>}
              <Trouble error={error} />
              <div className="buttons">
                <Button kind={kind === "plain" ? "primary" : kind} isBusy={isBusy} disabled={typed !== undefined && text !== typed} onClick={() => void confirm()}>{action}</Button>
                <Button onClick={() => dialog.current?.close()}>Leave it</Button>
              </div>
            </dialog>
          )
        : null}
    </>
  );
}
