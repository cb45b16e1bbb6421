import type { Clock } from "@finops/kernel/clock";
import type { Database } from "../db/database.ts";
import { createSession, endSession, findSession, type NewSession, type SignedIn, touchSession } from "./sessions.ts";

/** Where the sessions of browsers are kept. What somebody may do is asked of the database anew with each request in any case. */
export interface SessionStore {
  /** Starts a session as the company's policy has it, and returns the token for the cookie. */
  start(session: NewSession): Promise<{ token: string; expiresAt: Date; isRemembered: boolean }>;
  /** Who is signed in with this token; null when the session is over or its person shut out. */
  find(token: string): Promise<SignedIn | null>;
  /** Moves the end without use, because a person did something; returns the end that holds. */
  touch(token: string, who: SignedIn): Promise<Date | null>;
  /** Ends a session; one that ended already is fine. */
  end(token: string): Promise<void>;
}

/** Sessions as rows of PostgreSQL, by the hash of their token; docs/decisions/0011 says why not in Redis. */
export function createDatabaseSessions(db: Database, clock: Clock): SessionStore {
  return {
    start: (session) => createSession(db, clock, session),
    find: (token) => findSession(db, clock, token),
    touch: (token, who) => touchSession(db, clock, token, who),
    end: (token) => endSession(db, clock, token),
  };
}
