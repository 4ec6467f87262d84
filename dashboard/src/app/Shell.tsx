import { useEffect, useRef } from "react";
import { useAction } from "../api/action";
import { send } from "../api/client";
import { useLive } from "../api/live";
import { Button } from "../ui/Button";
import { Link } from "./Link";
import { Page } from "./Page";
import { usePath } from "./router";
import { useSession } from "./session";
import { ThemeSwitch } from "./ThemeSwitch";

/** What is around every page: the way to the others, who is signed in, and whether what is shown is live. */
export function Shell({ onSignedOut }: { onSignedOut: () => void }) {
  const session = useSession();
  const path = usePath();
  const isLive = useLive();
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  const signOut = useAction(async () => {
    await send("DELETE", "/api/session");
    onSignedOut();
  });

  // A new page is read from its heading on, as after a page load.
  useEffect(() => {
    if (!first.current) {
      main.current?.focus();
    }

    first.current = false;
  }, [path]);

  const links = [
    { href: "/", text: "Overview" },
    ...(session.mayAdminister ? [{ href: "/audit", text: "Audit" }, { href: "/tokens", text: "Tokens" }] : []),
  ];
  return (
    <>
      <a className="skip" href="#main" onClick={event => { event.preventDefault(); main.current?.focus(); }}>To the content</a>
      <header className="top">
        <Link className="brand" href="/">VPS Pilot</Link>
        <nav aria-label="Pages">
          {links.map(link => <Link key={link.href} href={link.href} aria-current={path === link.href ? "page" : undefined}>{link.text}</Link>)}
        </nav>
        <span className={isLive ? "live on" : "live"} role="status" title={isLive ? "What you see is kept up to date." : "The connection is being made again; what you see may be old."}>
          {isLive ? "live" : "connecting…"}
        </span>
        <ThemeSwitch />
        <span className="who" title={session.who.projects ? `limited to ${session.who.projects.join(", ")}` : undefined}>{session.who.name} <span className="muted">{session.who.role}</span></span>
        <Button isBusy={signOut.isBusy} onClick={() => void signOut.run()}>Sign out</Button>
      </header>
      <main id="main" ref={main} tabIndex={-1}><Page path={path} /></main>
    </>
  );
}
