import { createContext, useContext } from "react";
import type { Role, WhoAmI } from "../api/types";

const ranks: Record<Role, number> = { viewer: 0, deployer: 1, admin: 2 };

/** Who is signed in, and what they may do. The server decides; this only spares what it would refuse. */
export class Session {
  constructor(readonly who: WhoAmI) {}

  /** Starts, cancels, approves and takes back deployments. */
  get mayDeploy(): boolean {
    return ranks[this.who.role] >= ranks.deployer;
  }

  /** Changes projects and their values. */
  get mayChange(): boolean {
    return this.who.role === "admin";
  }

  /** Sees nodes, alerts and what belongs to no project. */
  get seesAll(): boolean {
    return this.who.projects == null;
  }

  /** Changes nodes, tokens and whatever belongs to no project. */
  get mayAdminister(): boolean {
    return this.mayChange && this.seesAll;
  }
}

export const SessionContext = createContext<Session | null>(null);

/** The session; only below the sign-in. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) {
    throw new Error("There is no session here.");
  }

  return session;
}
