/** What a state means, which gives it its colour and its sign. */
export type Tone = "good" | "bad" | "busy" | "warning" | "quiet";

const signs: Record<Tone, string> = { good: "✓", bad: "✕", busy: "◌", warning: "!", quiet: "–" };

/** A state, told by its word, its sign and its colour. */
export function Badge({ tone, children }: { tone: Tone; children: string }) {
  return (
    <span className={`badge ${tone}`}>
      <span className={tone === "busy" ? "sign turning" : "sign"} aria-hidden="true">{signs[tone]}</span>
      {children}
    </span>
  );
}
