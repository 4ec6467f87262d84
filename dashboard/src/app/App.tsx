import { useCallback, useEffect, useState } from "react";
import { asApiError, listenForSignOut, send, type ApiError } from "../api/client";
import { forgetAll } from "../api/resource";
import type { WhoAmI } from "../api/types";
import { Button } from "../ui/Button";
import { Loading, Trouble } from "../ui/states";
import { Shell } from "./Shell";
import { SignIn } from "./SignIn";
import { Session, SessionContext } from "./session";

type State = { at: "asking" } | { at: "out" } | { at: "in"; session: Session } | { at: "trouble"; error: ApiError };

/** The dashboard, once it is known who looks at it. */
export function App() {
  const [state, setState] = useState<State>({ at: "asking" });
  const ask = useCallback(() => {
    send<WhoAmI | undefined>("GET", "/api/session").then(
      ({ value }) => setState(value ? { at: "in", session: new Session(value) } : { at: "out" }),
      (error: unknown) => setState({ at: "trouble", error: asApiError(error) }),
    );
  }, []);
  const leave = useCallback(() => {
    forgetAll();
    setState({ at: "out" });
  }, []);
  useEffect(ask, [ask]);
  useEffect(() => listenForSignOut(leave), [leave]);

  switch (state.at) {
    case "asking":
      return <main className="alone"><Loading what="who you are" /></main>;
    case "trouble":
      return <main className="alone"><h1>VPS Pilot</h1><Trouble error={state.error} /><Button onClick={ask}>Try again</Button></main>;
    case "out":
      return <SignIn onSignedIn={who => setState({ at: "in", session: new Session(who) })} />;
    case "in":
      return <SessionContext value={state.session}><Shell onSignedOut={leave} /></SessionContext>;
  }
}
