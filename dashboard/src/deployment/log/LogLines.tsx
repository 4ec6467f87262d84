import { memo } from "react";
import { split } from "./lines";

const perBlock = 200;

interface Props {
  lines: readonly string[];
  /** Number of lines before the first. */
  first: number;
  text: string;
  current: number | undefined;
}

/** Lines in blocks: a block that is not seen is not laid out, and one that did not change is not drawn again. */
export function LogLines({ lines, first, text, current }: Props) {
  const blocks = [];
  for (let from = 0; from < lines.length; from += perBlock) {
    const own = lines.slice(from, from + perBlock);
    const mine = current !== undefined && current >= from && current < from + perBlock ? current - from : undefined;
    blocks.push(<Block key={first + from} content={own.join("\n")} from={from} text={text} current={mine} />);
  }

  return blocks;
}

const Block = memo(function Block({ content, from, text, current }: { content: string; from: number; text: string; current: number | undefined }) {
  return (
    <div className="block">
      {content.split("\n").map((line, i) => (
        <div key={i} data-line={from + i} className={i === current ? "line current" : "line"}>
          {split(line, text).map((piece, j) => (j % 2 === 1 ? <mark key={j}>{piece}</mark> : piece))}
        </div>
      ))}
    </div>
  );
});
