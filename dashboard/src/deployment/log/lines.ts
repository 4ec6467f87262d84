/** Lines that are kept for the page; the whole log is a link away. */
export const mostLines = 20_000;

/** A log as it grows. */
export interface LogText {
  readonly lines: readonly string[];
  /** Lines that were left out at its beginning. */
  readonly dropped: number;
  /** The last line has not ended. */
  readonly isOpen: boolean;
}

export const emptyLog: LogText = { lines: [], dropped: 0, isOpen: false };

// Colours and movements of a terminal: ESC [ … letter, and ESC ] … BEL.
const escapes = new RegExp("\\u001b(?:\\[[0-9;?]*[A-Za-z]|\\][^\\u0007]*\\u0007?)", "g");

/** The log with a piece more. A carriage return begins its line anew, as on a terminal. */
export function append(log: LogText, piece: string): LogText {
  if (piece === "") {
    return log;
  }

  const lines = log.lines.slice();
  const whole = (log.isOpen ? (lines.pop() ?? "") : "") + piece;
  const parts = whole.split("\n");
  const isOpen = parts[parts.length - 1] !== "";
  if (!isOpen) {
    parts.pop();
  }

  lines.push(...parts.map((part, i) => (isOpen && i === parts.length - 1 ? part : clean(part))));
  const extra = Math.max(0, lines.length - mostLines);
  return { lines: extra > 0 ? lines.slice(extra) : lines, dropped: log.dropped + extra, isOpen };
}

/** The indexes of lines with the text in them, whatever the case. */
export function find(lines: readonly string[], text: string): number[] {
  const wanted = text.toLowerCase();
  return wanted === "" ? [] : lines.flatMap((line, i) => (line.toLowerCase().includes(wanted) ? [i] : []));
}

/** A line in pieces: every second one is what was looked for. */
export function split(line: string, text: string): string[] {
  const [wanted, lower] = [text.toLowerCase(), line.toLowerCase()];
  if (wanted === "" || lower.length !== line.length) {
    return [line];
  }

  const pieces: string[] = [];
  let from = 0;
  for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, from)) {
    pieces.push(line.slice(from, at), line.slice(at, at + wanted.length));
    from = at + wanted.length;
  }

  return [...pieces, line.slice(from)];
}

function clean(line: string): string {
  const plain = line.replace(escapes, "").replace(/\r+$/, "");
  return plain.slice(plain.lastIndexOf("\r") + 1);
}
