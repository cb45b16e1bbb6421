import type { Clock } from "@finops/kernel/clock";
import { newId } from "@finops/kernel/id";
import { createSession, findSession } from "@finops/platform/identity/sessions";
import { ensureUser, setMember } from "@finops/platform/identity/users";
import { createOutbox } from "@finops/platform/mail/outbox";
import { type Context, createContext, createSystemContext } from "@finops/platform/tenancy/context";
import { createTenant } from "@finops/platform/tenancy/tenants";
import type { TestDatabase } from "@finops/platform/testing/test-database";
import { createTestHost } from "@finops/platform/testing/test-host";

/** A clock that a test moves. */
export interface MovedClock extends Clock {
  at: Date;
}

export function movedClock(at: string): MovedClock {
  const clock: MovedClock = {
    at: new Date(at),
    now: () => clock.at,
    today: () => clock.at.toISOString().slice(0, 10),
  };
  return clock;
}

/** A company, with the mails that it sent. */
export async function makeCompany(test: TestDatabase, clock: Clock) {
  const outbox = createOutbox({ clock, print: () => {} });
  const { id } = await createTenant(test.db, { slug: `c${newId().replaceAll("-", "")}`, name: "Company" });
  const ctx = createSystemContext({ ...createTestHost({ db: test.db, clock }), mail: outbox }, id, "test");
  return { ctx, outbox };
}

/** A member, and a way to be them as the next request would find them. */
export async function makePerson(of: Context, role: string) {
  const { db, clock } = of.host;
  const name = `${role} ${newId().slice(-6)}`;
  const email = `${newId()}@acme.example`;
  const id = await ensureUser(db, { email, name });
  await setMember(db, of.tenantId, id, role);
  const be = async (noteUse: Context["noteUse"] = null) => {
    // Anew each time: tests go on for longer than a session lasts.
    const { token } = await createSession(db, clock, { tenantId: of.tenantId, userId: id, method: "link" });
    const who = await findSession(db, clock, token);
    if (who === null) throw new Error(`${name} is not signed in`);
    const { permissions, rowFilters } = who;
    const actor = { kind: "person" as const, id, name };
    return createContext(of.host, { tenantId: of.tenantId, actor, via: "page", permissions, rowFilters, noteUse });
  };
  return { id, name, email, be };
}
