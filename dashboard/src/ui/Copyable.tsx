import { useState } from "react";
import { Button } from "./Button";

/** A text to be copied whole. */
export function Copyable({ label, text }: { label: string; text: string }) {
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    // Without TLS a browser has no clipboard; the text can still be selected.
    await navigator.clipboard.writeText(text);
    setCopied(true);
    window.setTimeout(() => setCopied(false), 2_000);
  };
  return (
    <div className="copyable">
      <code tabIndex={0} role="textbox" aria-readonly="true" aria-label={label}>{text}</code>
      {window.isSecureContext ? <Button onClick={() => void copy()}>{isCopied ? "Copied" : "Copy"}</Button> : null}
    </div>
  );
}
