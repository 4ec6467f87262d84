/** Server-sent events that come back by themselves. */
export interface StreamOptions {
  url: string;
  /** Names of the events to hear. */
  events: readonly string[];
  onEvent: (name: string, data: unknown) => void;
  /** Heard from again after something may have been missed. */
  onGap: () => void;
  onState?: (isLive: boolean) => void;
}

const firstPause = 1_000;
const longestPause = 15_000;
/** A hidden page gives its connection back: a browser has only six to a server over HTTP/1.1. */
const hiddenFor = 20_000;

/** Opens the stream; the function that is returned closes it. */
export function openStream(options: StreamOptions): () => void {
  let source: EventSource | null = null;
  let timer: number | undefined;
  let pause = firstPause;
  let wasOpen = false;

  const close = () => {
    window.clearTimeout(timer);
    source?.close();
    source = null;
    options.onState?.(false);
  };

  const open = () => {
    window.clearTimeout(timer);
    if (source) {
      return;
    }

    const mine = new EventSource(options.url);
    source = mine;
    mine.onopen = () => {
      pause = firstPause;
      options.onState?.(true);
      if (wasOpen) {
        options.onGap();
      }

      wasOpen = true;
    };
    mine.onerror = () => {
      options.onState?.(false);
      // While it is connecting, the browser tries again by itself, and says where it was.
      if (mine.readyState === EventSource.CLOSED && source === mine) {
        source = null;
        timer = window.setTimeout(open, pause);
        pause = Math.min(pause * 2, longestPause);
      }
    };
    for (const name of options.events) {
      mine.addEventListener(name, event => options.onEvent(name, JSON.parse(event.data as string)));
    }
  };

  const onVisibility = () => {
    if (document.hidden) {
      timer = window.setTimeout(close, hiddenFor);
    } else {
      open();
    }
  };

  document.addEventListener("visibilitychange", onVisibility);
  open();
  return () => {
    document.removeEventListener("visibilitychange", onVisibility);
    close();
  };
}
