import { newId } from "@finops/kernel/id";
import { systemClock } from "@finops/kernel/clock";
import type { Database } from "@finops/platform/db/database";
import { createSession, findSession } from "@finops/platform/identity/sessions";
import { createSignInLink, findRefusedLink } from "@finops/platform/identity/sign-in-links";
import { ensureUser, setMember } from "@finops/platform/identity/users";
import { createTenant } from "@finops/platform/tenancy/tenants";
import type { Bench } from "./bench.ts";
import { openBenchHost } from "./bench-host.ts";
import { median, p95 } from "./percentiles.ts";
import { result } from "./results.ts";

const companies = 200;
const rounds = 3000;
const warmUp = 300;

/**
 * What a request pays for its permissions: finding the person of a session with all that they may do, against finding a person
 * by the hash of a token and no more (of a link that has run out), turn by turn, so that both meet the same machine. The person
 * has six roles: their own, two by groups, one by their unit, one limited to a unit, and one that a colleague delegated.
 */
export const accessBench: Bench = {
  name: "access",
  about: "What permission checks add to a request, with 200 companies in the database",
  async run(bench) {
    const { embedded } = await openBenchHost(await bench.folder());
    try {
      const { db } = embedded.host;
      bench.say(`Making ${companies} companies`);
      const tokens: Tokens[] = [];
      for (let made = 0; made < companies; made += 1) tokens.push(await makeCompany(db));
      bench.say(`${rounds} requests with and without permissions, in turn`);
      const [withAccess, without]: number[][] = [[], []];
      for (let round = 0; round < warmUp + rounds; round += 1) {
        const { session, link } = tokens[round % tokens.length]!;
        const whole = await timed(() => findSession(db, systemClock, session));
        const bare = await timed(() => findRefusedLink(db, systemClock, link));
        if (round < warmUp) continue;
        withAccess!.push(whole);
        without!.push(bare);
      }
      return [
        result("access: added to a request, median", median(withAccess!) - median(without!), "ms", { below: 1 }),
        result("access: who asks with all they may do, median", median(withAccess!), "ms"),
        result("access: who asks alone, median", median(without!), "ms"),
        result("access: who asks with all they may do, p95", p95(withAccess!), "ms"),
        result("access: who asks alone, p95", p95(without!), "ms"),
      ];
    } finally {
      await embedded.close();
    }
  },
};

interface Tokens {
  session: string;
  /** Of a link that has run out. */
  link: string;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  if ((await work()) === null) throw new Error("Nobody was found.");
  return performance.now() - started;
}

/** A company with the person whose requests are measured; gives what finds them. */
async function makeCompany(db: Database): Promise<Tokens> {
  const { id: tenantId } = await createTenant(db, { slug: `a${newId().replaceAll("-", "")}`, name: "Company" });
  const [userId, colleague] = [await makeMember(db, tenantId, "viewer"), await makeMember(db, tenantId, "finops")];
  await db.inTenant(tenantId, async (tx) => {
    const roles = new Map((await tx.role.findMany()).map((role) => [role.key, role.id]));
    const by = { grantedById: "bench", grantedByName: "Bench", validFrom: new Date(0) };
    const top = await tx.unit.create({ data: { kind: "department", name: "Department" } });
    const team = await tx.unit.create({ data: { kind: "team", name: "Team", parentId: top.id } });
    await tx.unitAccount.createMany({
      data: Array.from({ length: 20 }, (_, number) => ({ account: `${number}`, unitId: team.id })),
    });
    await tx.membership.updateMany({ where: { userId }, data: { unitId: team.id } });
    for (const key of ["finance", "engineer"]) {
      const group = await tx.group.create({ data: { name: key } });
      await tx.groupMember.create({ data: { groupId: group.id, userId } });
      await tx.grant.create({ data: { ...by, groupId: group.id, roleId: roles.get(key)! } });
    }
    await tx.grant.create({ data: { ...by, memberUnitId: top.id, roleId: roles.get("viewer")! } });
    await tx.grant.create({ data: { ...by, userId, unitId: top.id, roleId: roles.get("finance")! } });
    await tx.grant.create({ data: { ...by, userId, roleId: roles.get("finops")!, delegatedBy: colleague } });
  });
  const session = await createSession(db, systemClock, { tenantId, userId, method: "link" });
  const link = await createSignInLink(db, systemClock, { tenantId, userId }, { validMinutes: -1 });
  return { session: session.token, link: link.token };
}

async function makeMember(db: Database, tenantId: string, role: string): Promise<string> {
  const userId = await ensureUser(db, { email: `${newId()}@bench.example`, name: "Bench" });
  await setMember(db, tenantId, userId, role);
  return userId;
}
