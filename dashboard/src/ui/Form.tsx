import type { ReactNode } from "react";

interface Props {
  /** Name of the form, where it has one; with it the form is a card of its own. */
  name?: string;
  onSubmit: () => void;
  children: ReactNode;
}

/** A form that stays on its page. */
export function Form({ name, onSubmit, children }: Props) {
  return <form className={name ? "card" : undefined} aria-label={name} onSubmit={event => { event.preventDefault(); onSubmit(); }}>{children}</form>;
}
