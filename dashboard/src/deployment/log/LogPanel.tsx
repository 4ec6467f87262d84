import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { segment } from "../../api/client";
import { Button } from "../../ui/Button";
import { Trouble } from "../../ui/states";
import { find } from "./lines";
import { LogLines } from "./LogLines";
import { useLog } from "./useLog";

/** The build log, one node at a time: it follows its end while it grows, and can be searched. */
export function LogPanel({ id, nodes, follow }: { id: string; nodes: string[]; follow: boolean }) {
  const [chosen, setChosen] = useState<string>();
  const node = chosen ?? nodes[0];
  return (
    <section aria-labelledby="log">
      <div className="head">
        <h2 id="log">Log</h2>
        {nodes.length > 1
          ? <select aria-label="Log of node" value={node} onChange={e => setChosen(e.target.value)}>{nodes.map(n => <option key={n}>{n}</option>)}</select>
          : null}
      </div>
      {node ? <NodeLog key={node} id={id} node={node} follow={follow} /> : null}
    </section>
  );
}

function NodeLog({ id, node, follow }: { id: string; node: string; follow: boolean }) {
  const { log, isOpen, error } = useLog(id, node, follow);
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const found = useMemo(() => find(log.lines, text), [log.lines, text]);
  const current = found.length > 0 ? found[at % found.length] : undefined;

  useEffect(() => {
    if (atEnd.current && text === "") {
      box.current?.scrollTo(0, box.current.scrollHeight);
    }
  }, [log.lines, text]);
  useEffect(() => {
    box.current?.querySelector(`[data-line="${current ?? ""}"]`)?.scrollIntoView({ block: "nearest" });
  }, [current]);

  const step = (by: number) => setAt(i => (found.length === 0 ? 0 : (i + by + found.length) % found.length));
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Enter") {
      event.preventDefault();
      step(event.shiftKey ? -1 : 1);
    }
  };
  const onScroll = () => {
    const element = box.current;
    atEnd.current = !element || element.scrollHeight - element.scrollTop - element.clientHeight < 40;
  };
  return (
    <>
      <div className="tools">
        <input type="search" aria-label="Search the log" placeholder="Search" value={text} onKeyDown={onKey} onChange={e => { setText(e.target.value); setAt(0); }} />
        <Button disabled={found.length === 0} onClick={() => step(-1)} aria-label="The match before">↑</Button>
        <Button disabled={found.length === 0} onClick={() => step(1)} aria-label="The next match">↓</Button>
        <span className="muted" role="status">{text === "" ? "" : found.length === 0 ? "no match" : `${(at % found.length) + 1} of ${found.length}`}</span>
        <a href={`/api/deployments/${segment(id)}/log?node=${segment(node)}`} target="_blank" rel="noreferrer">whole log</a>
      </div>
      <Trouble error={error} />
      <div className="log" ref={box} tabIndex={0} role="log" aria-live="off" aria-label={`Log of ${node}`} onScroll={onScroll}>
        {log.dropped > 0 ? <p className="muted">{log.dropped} earlier lines are left out here.</p> : null}
        <LogLines lines={log.lines} first={log.dropped} text={text} current={current} />
        {log.lines.length === 0 ? <p className="muted">{isOpen ? "Nothing has been written yet." : "The log is empty."}</p> : null}
      </div>
    </>
  );
}
