import type { ButtonHTMLAttributes } from "react";

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: "primary" | "danger" | "plain";
  isBusy?: boolean;
}

/** A button that says when it works. It stays in the order of the keyboard meanwhile. */
export function Button({ kind = "plain", isBusy = false, children, onClick, ...rest }: Props) {
  return (
    <button type="button" className={`button ${kind}`} aria-busy={isBusy} aria-disabled={isBusy || undefined} onClick={isBusy ? event => event.preventDefault() : onClick} {...rest}>
      {children}
    </button>
  );
}
