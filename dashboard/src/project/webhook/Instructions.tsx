import { Copyable } from "../../ui/Copyable";
import { providers } from "./providers";

/** What to fill in where at the provider. The secret is there only right after it was made. */
export function Instructions({ provider: id, url, secret }: { provider: string; url: string; secret: string | undefined }) {
  const provider = providers[id] ?? providers["generic"]!;
  return (
    <>
      <h2>{provider.name}</h2>
      <p>{provider.where}</p>
      <dl className="fields">
        {provider.fields.map(([field, value]) => (
          <div key={field}>
            <dt>{field}</dt>
            <dd>
              {value === "url" ? <Copyable label={field} text={url} />
                : value !== "secret" ? value
                : secret ? <><Copyable label={field} text={secret} /><p className="hint">Copy it now: it is not shown again.</p></>
                : <span className="muted">shown once, when it was made; a new one can be made below</span>}
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}
