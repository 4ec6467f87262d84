import { useId, type ReactNode } from "react";

/** What a control needs to be known by its label, its hint and its mistake. */
export interface ControlProps {
  id: string;
  "aria-describedby"?: string;
  "aria-invalid"?: true;
}

interface Props {
  label: string;
  hint?: ReactNode;
  mistake?: string | undefined;
  children: (control: ControlProps) => ReactNode;
}

/** A control of a form, with its label above and what is wrong below. */
export function Field({ label, hint, mistake, children }: Props) {
  const id = useId();
  const told = [hint ? `${id}-hint` : "", mistake ? `${id}-mistake` : ""].filter(Boolean).join(" ");
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({ id, ...(told ? { "aria-describedby": told } : {}), ...(mistake ? { "aria-invalid": true as const } : {}) })}
      {hint ? <p className="hint" id={`${id}-hint`}>{hint}</p> : null}
      {mistake ? <p className="mistake" id={`${id}-mistake`}>{mistake}</p> : null}
    </div>
  );
}
