import { systemClock } from "@finops/kernel/clock";
import { newId } from "@finops/kernel/id";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Tx } from "../db/database.ts";
import { createSession, findSession } from "../identity/sessions.ts";
import { ensureUser, setMember } from "../identity/users.ts";
import { createTenant } from "../tenancy/tenants.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";

let test: TestDatabase;
let admin: Client;
beforeAll(async () => {
  test = await createTestDatabase();
  admin = new Client({ connectionString: test.adminUrl });
  await admin.connect();
});
afterAll(async () => {
  await admin.end();
  await test.drop();
});

const by = { grantedById: "x", grantedByName: "X", validFrom: new Date(0) };

/** A company with Ann, who signed in and has something by each way that there is, and Bob, who delegated some of it. */
async function createWorld() {
  const { id: tenantId } = await createTenant(test.db, { slug: `c${newId().replaceAll("-", "")}`, name: "Company" });
  const [ann, bob] = [await addMember(tenantId, "viewer"), await addMember(tenantId, "finops")];
  const ids = await test.db.inTenant(tenantId, async (tx) => {
    const roles = new Map((await tx.role.findMany()).map((role) => [role.key, role.id]));
    const { id: own } = await tx.role.create({ data: { key: "own", name: "Own" } });
    await tx.permission.create({ data: { roleId: own, key: "views:write" } });
    const { id: top } = await tx.unit.create({ data: { kind: "department", name: "Department" } });
    const { id: team } = await tx.unit.create({ data: { kind: "team", name: "Team", parentId: top } });
    const { id: other } = await tx.unit.create({ data: { kind: "team", name: "Other" } });
    await tx.unitAccount.createMany({ data: [{ account: "1", unitId: team }] });
    await tx.membership.updateMany({ where: { userId: ann }, data: { unitId: team } });
    const { id: group } = await tx.group.create({ data: { name: "Group" } });
    await tx.groupMember.create({ data: { groupId: group, userId: ann } });
    const grant = async (data: object) => (await tx.grant.create({ data: { ...by, ...data } as never })).id;
    return {
      own,
      team,
      other,
      group,
      roles,
      byGroup: await grant({ groupId: group, roleId: own }),
      byUnit: await grant({ memberUnitId: top, roleId: roles.get("engineer")! }),
      inUnit: await grant({ userId: ann, unitId: top, roleId: roles.get("finance")! }),
      delegated: await grant({ userId: ann, roleId: roles.get("finops")!, delegatedBy: bob }),
    };
  });
  const { token } = await createSession(test.db, systemClock, { tenantId, userId: ann, method: "link" });
  return { tenantId, ann, bob, token, ...ids };
}
type World = Awaited<ReturnType<typeof createWorld>>;

async function addMember(tenantId: string, role: string): Promise<string> {
  const id = await ensureUser(test.db, { email: `${newId()}@acme.example`, name: "" });
  await setMember(test.db, tenantId, id, role);
  return id;
}

async function permissionsAtTheDoor({ token }: World, now = systemClock.now()): Promise<string[]> {
  const who = await findSession(test.db, { ...systemClock, now: () => now }, token);
  return [...who!.permissions].toSorted();
}

/** What the door remembers after a request, and what is worked out without memory. */
async function look(world: World): Promise<{ remembered: unknown; workedOut: unknown }> {
  await permissionsAtTheDoor(world);
  const { rows } = await admin.query<{ remembered: unknown; workedOut: unknown }>(
    `select given as remembered, compute_grants(tenant_id, user_id, null, now()) as "workedOut"
     from access_snapshot where user_id = $1`,
    [world.ann],
  );
  return rows[0]!;
}

const changes: Readonly<Record<string, (tx: Tx, world: World) => Promise<unknown>>> = {
  "a grant ends": (tx, { byUnit }) => tx.grant.update({ where: { id: byUnit }, data: { revokedAt: new Date() } }),
  "a grant is made": (tx, { ann, roles }) =>
    tx.grant.create({ data: { userId: ann, roleId: roles.get("admin")!, ...by } }),
  "a role is given a permission": (tx, { own }) => tx.permission.create({ data: { roleId: own, key: "keys:write" } }),
  "a role loses one": (tx, { own }) => tx.permission.deleteMany({ where: { roleId: own } }),
  "a group loses a member": (tx, { group }) => tx.groupMember.deleteMany({ where: { groupId: group } }),
  "a group is deleted": (tx, { group }) => tx.group.delete({ where: { id: group } }),
  "a unit gets an account": (tx, { team }) => tx.unitAccount.create({ data: { account: "2", unitId: team } }),
  "a unit is moved": (tx, { team }) => tx.unit.update({ where: { id: team }, data: { parentId: null } }),
  "the person is moved": (tx, { ann, other }) =>
    tx.membership.updateMany({ where: { userId: ann }, data: { unitId: other } }),
  "who delegated gets another role": (tx, { bob, roles }) =>
    tx.membership.updateMany({ where: { userId: bob }, data: { roleId: roles.get("viewer")! } }),
  "who delegated leaves": (tx, { bob }) => tx.membership.deleteMany({ where: { userId: bob } }),
};

describe("what the door remembers of a person", () => {
  it.each(Object.entries(changes))("is worked out again when %s", async (_, change) => {
    const world = await createWorld();
    const before = await look(world);
    await test.db.inTenant(world.tenantId, (tx) => change(tx, world));
    const after = await look(world);
    expect(after.remembered).toEqual(after.workedOut);
    expect(after.remembered).not.toEqual(before.remembered);
  });

  it("is worked out again when who delegated is shut out everywhere", async () => {
    const world = await createWorld();
    await look(world);
    await admin.query("update app_user set disabled_at = now() where id = $1", [world.bob]);
    expect((await look(world)).remembered).toMatchObject({ givers: [] });
  });

  it("is used while nothing changes, and for as long as a grant lasts", async () => {
    const world = await createWorld();
    const until = new Date(systemClock.now().getTime() + 60_000);
    await test.db.inTenant(world.tenantId, (tx) => tx.grant.updateMany({ data: { validUntil: until } }));
    const before = await permissionsAtTheDoor(world);
    const after = await permissionsAtTheDoor(world, until);
    expect(after.length).toBeLessThan(before.length);
    const nothing = { grants: [], givers: [], units: [] };
    await admin.query("update access_snapshot set given = $2 where user_id = $1", [world.ann, nothing]);
    expect(await permissionsAtTheDoor(world)).toEqual(after);
  });

  it("is not taken for newer than it is by a change that commits while it is read", async () => {
    const world = await createWorld();
    await look(world);
    const [made, read] = [withResolvers(), withResolvers()];
    const changing = test.db.inTenant(world.tenantId, async (tx) => {
      await tx.groupMember.deleteMany({ where: { groupId: world.group } });
      made.resolve();
      await read.promise;
    });
    await made.promise;
    expect(await permissionsAtTheDoor(world)).toContain("views:write");
    read.resolve();
    await changing;
    const after = await look(world);
    expect(after.remembered).toEqual(after.workedOut);
  });
});

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => (resolve = settle));
  return { promise, resolve };
}
