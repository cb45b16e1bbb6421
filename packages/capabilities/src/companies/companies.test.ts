import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { type Clock, systemClock } from "@finops/kernel/clock";
import { newId } from "@finops/kernel/id";
import type { Prisma } from "@finops/platform/db/generated/client";
import { openDatabase } from "@finops/platform/db/database";
import { createSession, findSession } from "@finops/platform/identity/sessions";
import { useSignInLink } from "@finops/platform/identity/sign-in-links";
import { ensureUser, setMember } from "@finops/platform/identity/users";
import { claimNext, complete, enqueue, heartbeat } from "@finops/platform/jobs/work-items";
import { createOutbox, type Outbox } from "@finops/platform/mail/outbox";
import { setCompanyState, startLeaving, stopLeaving } from "@finops/platform/tenancy/company-state";
import { type Context, createContext } from "@finops/platform/tenancy/context";
import { createTestPipeline, type TestPipeline } from "@finops/pipeline/testing/test-pipeline";
import { focusBill } from "@finops/pipeline/testing/sample-bills";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { requestOrApply } from "@finops/platform/approvals/request-or-apply";
import { setPolicies } from "../approvals/policies.ts";
import { decideChangeRequest } from "../approvals/service.ts";
import { changeMember, removeMember } from "../people/members.ts";
import { listUnitMoves } from "../people/unit-moves.ts";
import { createUnit, deleteUnit } from "../people/units.ts";
import { companyPolicies, deletionChange } from "./changes.ts";
import { companyExportPool, getCompanyExport, openCompanyExportFile, startCompanyExport } from "./company-exports.ts";
import { invite, listInvitations, resendInvitation, revokeInvitation } from "./invitations.ts";
import { companyExportJob, removeDueCompanies, type RemovalParts } from "./jobs.ts";
import { getOnboarding, startDemoData } from "./onboarding.ts";

let test: TestPipeline;
let now: Date;
const clock: Clock = { now: () => now, today: () => now.toISOString().slice(0, 10) };
let outbox: Outbox;
let acme: Context;
let beta: Context;
const dayMs = 86_400_000;

beforeAll(async () => {
  test = await createTestPipeline();
});
afterAll(() => test.close());
beforeEach(async () => {
  now = systemClock.now();
  outbox = createOutbox({ clock, print: () => {} });
  test.host.mail = outbox;
  test.host.clock = clock;
  [acme, beta] = [await test.company(), await test.company()];
});

const db = () => test.database.db;
const tokenOf = (place: number) => /sign-in\/([\w-]+)/.exec(outbox.list()[place]!.text)![1]!;
const use = (token: string) => useSignInLink(db(), clock, token);

/** A member as their next request finds them. */
async function person(of: Context, role: string) {
  const userId = await ensureUser(db(), { email: `${newId()}@acme.example`, name: role });
  await setMember(db(), of.tenantId, userId, role);
  return be(of, userId);
}

async function be(of: Context, userId: string): Promise<Context> {
  const { token } = await createSession(db(), clock, { tenantId: of.tenantId, userId, method: "link" });
  const { permissions, rowFilters, name } = (await findSession(db(), clock, token))!;
  return createContext(of.host, {
    tenantId: of.tenantId,
    actor: { kind: "person", id: userId, name },
    via: "page",
    permissions,
    rowFilters,
  });
}

const actions = (of: Context) =>
  of.inTenant(async (tx) =>
    (await tx.auditEntry.findMany({ orderBy: { sequence: "asc" } })).map(({ action }) => action),
  );

describe("an invitation", () => {
  const web = { dimension: "tag:team", is: "web" };

  it("makes a member of who uses its link, and of nobody before", async () => {
    const unit = await createUnit(acme, { name: "Web", kind: "team" });
    const sent = await invite(acme, { email: " Bob@Acme.Example ", role: "viewer", unitId: unit.id, scope: web });
    expect(sent).toMatchObject({
      email: "bob@acme.example",
      role: { key: "viewer", name: "Viewer" },
      state: "open",
      scope: web,
      expiresAt: new Date(now.getTime() + 7 * dayMs).toISOString(),
    });
    expect(outbox.list()).toMatchObject([{ to: "bob@acme.example", subject: "Invitation to the costs of Company" }]);
    expect(await acme.inTenant((tx) => tx.membership.count())).toBe(0);
    const token = tokenOf(0);
    now = new Date(now.getTime() + 7 * dayMs - 1);
    const used = await use(token);
    const bob = await be(acme, used!.userId);
    expect([...bob.permissions].toSorted()).toEqual(["alerts:read", "costs:read"]);
    expect(bob.rowFilter).toEqual(web);
    expect(await use(token)).toBeNull();
    expect((await listInvitations(acme)).invitations).toMatchObject([
      { id: sent.id, state: "accepted", acceptedAt: now.toISOString() },
    ]);
    expect(await listUnitMoves(acme, { person: used!.userId })).toMatchObject([
      { from: null, to: { id: unit.id, name: "Web" }, by: { name: "test" } },
    ]);
    expect(await actions(acme)).toEqual(["unit.created", "invitation.sent", "invitation.accepted"]);
    expect(
      JSON.stringify(await acme.inTenant((tx) => tx.auditEntry.findMany({ omit: { sequence: true } }))),
    ).not.toContain(token);
  });

  it("is answered alike whether the platform knows the address or not", async () => {
    const known = `${newId()}@beta.example`;
    await setMember(db(), beta.tenantId, await ensureUser(db(), { email: known, name: "Known Elsewhere" }), "owner");
    const shape = async (email: string) => {
      const { id, email: told, ...rest } = await invite(acme, { email, role: "viewer" });
      expect([typeof id, told]).toEqual(["string", email]);
      return rest;
    };
    expect(await shape(known)).toEqual(await shape(`${newId()}@nobody.example`));
    expect(JSON.stringify(await listInvitations(acme))).not.toContain("Known Elsewhere");
  });

  it("works no more once it is a week old, revoked, sent anew or replaced", async () => {
    const one = await invite(acme, { email: "old@acme.example", role: "viewer" });
    const first = tokenOf(0);
    now = new Date(now.getTime() + 7 * dayMs);
    expect(await use(first)).toBeNull();
    expect((await listInvitations(acme)).invitations[0]).toMatchObject({ state: "expired" });

    expect(await resendInvitation(acme, one.id)).toMatchObject({ id: one.id, state: "open" });
    const second = tokenOf(0);
    await invite(acme, { email: "old@acme.example", role: "engineer" });
    const third = tokenOf(0);
    expect([await use(first), await use(second)]).toEqual([null, null]);
    expect((await listInvitations(acme)).invitations).toMatchObject([
      { state: "open", role: { key: "engineer" } },
      { id: one.id, state: "revoked" },
    ]);
    const { invitations } = await listInvitations(acme);
    await revokeInvitation(acme, invitations[0]!.id);
    expect(await use(third)).toBeNull();
    await expect(revokeInvitation(acme, one.id)).rejects.toMatchObject({ code: "conflict" });
    await expect(resendInvitation(acme, one.id)).rejects.toMatchObject({ code: "conflict" });
    expect(await acme.inTenant((tx) => tx.membership.count())).toBe(0);
  });

  it("gives nothing that its sender has not, and is nobody else's business", async () => {
    const [admin, viewer] = [await person(acme, "admin"), await person(acme, "viewer")];
    const mail = { email: "new@acme.example", role: "owner" };
    await expect(invite(admin, mail)).rejects.toMatchObject({ code: "forbidden" });
    await expect(invite(viewer, { ...mail, role: "viewer" })).rejects.toMatchObject({ code: "forbidden" });
    await expect(invite(acme, { ...mail, scope: web })).rejects.toMatchObject({ code: "invalid" });
    await expect(invite(acme, { ...mail, unitId: newId() })).rejects.toMatchObject({ code: "not_found" });
    const { id } = await invite(acme, { ...mail, role: "owner" });
    await expect(resendInvitation(admin, id)).rejects.toMatchObject({ code: "forbidden" });
    for (const act of [resendInvitation, revokeInvitation]) {
      await expect(act(viewer, id)).rejects.toMatchObject({ code: "forbidden" });
      const theirs = await act(beta, id).then(
        () => null,
        (error: unknown) => error,
      );
      await expect(act(beta, newId())).rejects.toEqual(theirs);
      expect(theirs).toMatchObject({ code: "not_found" });
    }
    expect((await listInvitations(beta)).invitations).toEqual([]);
    expect(outbox.list()).toHaveLength(1);
  });

  it("of who belongs to the company is refused, and leaves what they have", async () => {
    const email = `${newId()}@acme.example`;
    const userId = await ensureUser(db(), { email, name: "Ann" });
    await setMember(db(), acme.tenantId, userId, "owner");
    await expect(invite(acme, { email, role: "viewer" })).rejects.toMatchObject({ code: "conflict" });
  });

  it("of who became a member meanwhile signs them in, and changes nothing", async () => {
    const email = `${newId()}@acme.example`;
    await invite(acme, { email, role: "viewer" });
    const userId = await ensureUser(db(), { email, name: "" });
    await setMember(db(), acme.tenantId, userId, "admin");
    expect(await use(tokenOf(0))).toMatchObject({ userId });
    expect((await be(acme, userId)).permissions.has("members:write")).toBe(true);
  });
});

describe("people of a unit", () => {
  it("have a history of their moves, which outlives them and the unit", async () => {
    const [web, data] = [
      await createUnit(acme, { name: "Web", kind: "team" }),
      await createUnit(acme, { name: "Data", kind: "team" }),
    ];
    const { actor: bob } = await person(acme, "viewer");
    await changeMember(acme, bob.id, { unitId: web.id });
    now = new Date(now.getTime() + dayMs);
    await changeMember(acme, bob.id, { role: "engineer" });
    await changeMember(acme, bob.id, { unitId: data.id });
    await deleteUnit(acme, web.id);
    await removeMember(acme, bob.id);
    const moves = await listUnitMoves(acme, { person: bob.id });
    expect(moves.map(({ from, to }) => [from?.name ?? null, to?.name ?? null])).toEqual(
      expect.arrayContaining([
        ["Data", null],
        ["Web", "Data"],
        [null, "Web"],
      ]),
    );
    expect(moves).toHaveLength(3);
    expect(moves.at(-1)).toMatchObject({ personId: bob.id, to: { id: web.id }, by: { name: "test" } });
    expect(await listUnitMoves(beta, { person: bob.id })).toEqual([]);
    await expect(acme.inTenant((tx) => tx.$executeRaw`update unit_move set moved_by_name = 'x'`)).rejects.toMatchObject(
      {
        code: "forbidden",
      },
    );
  });
});

describe("getting started", () => {
  it("queues the demo's bills for a company without costs, once", async () => {
    const ann = await person(acme, "owner");
    const viewer = await person(beta, "viewer");
    await expect(startDemoData(viewer)).rejects.toMatchObject({ code: "forbidden" });
    expect(await startDemoData(ann)).toMatchObject({ isDone: false, demoData: { state: "queued", share: 0 } });
    await expect(startDemoData(ann)).rejects.toMatchObject({ code: "conflict" });
    await acme.inTenant((tx) => tx.workItem.updateMany({ data: { state: "done" } }));
    await test.importOne(acme, { "focus.csv": focusBill([{ BilledCost: "1.5" }]) });
    await expect(startDemoData(ann)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("costs"),
    });
    await invite(ann, { email: "new@acme.example", role: "viewer" });
    expect(await getOnboarding(ann)).toMatchObject({ isDone: true, demoData: { state: "done", share: 1 } });
    expect((await getOnboarding(viewer)).demoData).toBeNull();
  });
});

describe("the work of a company that does not work as usual", () => {
  it.each(["read-only", "locked"] as const)("waits while it is %s, and is done afterwards", async (state) => {
    const pool = newId();
    const claim = () => claimNext(db(), { pool, worker: "w", leaseMs: 60_000 });
    const queue = (of: Context) => of.inTenant((tx) => enqueue(tx, { kind: "import", pool, payload: {} }));
    const running = await queue(acme);
    const held = await claim();
    const waiting = await queue(acme);
    await setCompanyState(acme, { state, reason: "test" });
    // What ran is not its worker's any more, and nobody gets it.
    expect(await heartbeat(db(), held!, { leaseMs: 1000 })).toMatchObject({ stillOwner: false });
    expect(await claim()).toBeNull();
    const other = await queue(beta);
    expect((await claim())!.id).toBe(other.id);
    await setCompanyState(acme, { state: "active" });
    expect([(await claim())!.id, (await claim())!.id].toSorted()).toEqual([running.id, waiting.id].toSorted());
  });
});

describe("a company that leaves", () => {
  const parts = (): RemovalParts => ({
    host: test.host,
    pipeline: test.pipeline,
  });

  const isRemoved = async ({ tenantId }: Context) => (await removeDueCompanies(parts())).includes(tenantId);

  /** Has what a company takes along written. */
  async function takeAlong(of: Context): Promise<string> {
    const { id } = await startCompanyExport(of);
    // Asked for twice, it is written once.
    expect((await startCompanyExport(of)).id).toBe(id);
    const claimed = await claimNext(db(), { pool: companyExportPool, worker: "w", leaseMs: 60_000 });
    const job = companyExportJob(test.host, { store: test.store, pipeline: test.pipeline });
    const result = await job({
      claim: claimed!,
      signal: new AbortController().signal,
      reportProgress: () => {},
      afterwards: () => {},
    });
    await of.inTenant((tx) => complete(tx, claimed!, result as Prisma.InputJsonValue));
    return id;
  }

  /** Everything that a company leaves behind: imports, costs that were read, people, and an export. */
  async function fill(of: Context): Promise<void> {
    await person(of, "owner");
    await test.importOne(of, { "focus.csv": focusBill([{ BilledCost: "10.25", EffectiveCost: "8" }]) });
    await test.query(of);
    await invite(of, { email: `guest@${of.tenantId}.example`, role: "viewer" });
    await takeAlong(of);
  }

  it("takes all costs, documents, people and its audit along, also while it is shut", async () => {
    const owner = await person(acme, "owner");
    await startLeaving(owner);
    await stopLeaving(owner);
    await setCompanyState(acme, { state: "active" });
    await test.importOne(acme, { "focus.csv": focusBill([{ BilledCost: "10.25", EffectiveCost: "8" }]) });
    await startLeaving(owner);
    const id = await takeAlong(acme);
    const found = await getCompanyExport(acme, id);
    expect(found).toMatchObject({ state: "done", error: null });
    expect(found.files.map(({ name }) => name)).toEqual([
      "costs.parquet",
      "documents.json",
      "organisation.json",
      "audit-sealed.jsonl",
      "audit.csv",
    ]);
    const read = async (name: "costs.parquet" | "organisation.json" | "audit.csv") =>
      text((await openCompanyExportFile(acme, id, name)).content);
    expect((await read("costs.parquet")).startsWith("PAR1")).toBe(true);
    expect(JSON.parse(await read("organisation.json"))).toMatchObject({
      company: { id: acme.tenantId },
      people: [{ user: { id: owner.actor.id } }],
    });
    expect(await read("audit.csv")).toContain("company.leaving");
    const viewer = await person(beta, "admin");
    await expect(startCompanyExport(viewer)).rejects.toMatchObject({ code: "forbidden" });
    await expect(getCompanyExport(beta, id)).rejects.toMatchObject({ code: "not_found" });
    await expect(openCompanyExportFile(beta, id, "audit.csv")).rejects.toMatchObject({ code: "not_found" });
  });

  it("is gone after its days of grace, in every table and folder, and no other company is", async () => {
    for (const of of [acme, beta]) await fill(of);
    const guests = [acme, beta].map((of) => `guest@${of.tenantId}.example`);
    await startLeaving(acme);
    expect(await isRemoved(acme)).toBe(false);
    now = new Date(now.getTime() + 30 * dayMs - 1);
    expect(await isRemoved(acme)).toBe(false);
    now = new Date(now.getTime() + 1);
    // Several processes find that it is due at the same moment.
    const told = await Promise.all([isRemoved(acme), isRemoved(acme), isRemoved(acme)]);
    expect(told.filter((isRemover) => isRemover)).toEqual([true]);
    expect(await removeDueCompanies(parts())).toEqual([]);

    const admin = openDatabase({ appUrl: test.database.adminUrl });
    const ask = <T>(sql: string, ...values: unknown[]) =>
      admin.inDirectory((tx) => tx.$queryRawUnsafe<T[]>(sql, ...values));
    try {
      const columns = await ask<{ table: string; column: string }>(
        `select c.relname as "table", a.attname as "column"
         from pg_class c join pg_attribute a on a.attrelid = c.oid and not a.attisdropped
         where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
           and (a.attname = 'tenant_id' or (c.relname = 'tenant' and a.attname = 'id'))`,
      );
      expect(columns.length).toBeGreaterThan(30);
      const filled: string[] = [];
      for (const { table, column } of columns) {
        const count = `select count(*) filter (where ${column} = $1::uuid)::int as gone, count(*) filter (where ${column} = $2::uuid)::int as stays from ${table}`;
        const [counted] = await ask<{ gone: number; stays: number }>(count, acme.tenantId, beta.tenantId);
        expect([table, counted!.gone]).toEqual([table, 0]);
        if (counted!.stays > 0) filled.push(table);
      }
      expect(filled).toEqual(
        expect.arrayContaining([
          "tenant",
          "membership",
          "invitation",
          "audit_entry",
          "generation",
          "landing",
          "live_event",
          "work_item",
        ]),
      );
      // Wherever a table has the id in another column, or in a text.
      const tables = await ask<{ name: string }>(
        "select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')",
      );
      for (const { name } of tables) {
        const rows = await ask(`select 1 as found from ${name} t where t::text like $1`, `%${acme.tenantId}%`);
        expect([name, rows.length]).toEqual([name, 0]);
      }
      const people = await ask("select email from app_user where email = any ($1)", guests);
      expect(people).toEqual([{ email: guests[1] }]);
    } finally {
      await admin.close();
    }

    const hits = (await readdir(test.root, { recursive: true })).filter((path) => path.includes(acme.tenantId));
    expect(hits).toEqual([]);
    expect(existsSync(join(test.root, "files/tenants", beta.tenantId))).toBe(true);
    expect(await test.billed(beta)).toEqual({ USD: "10.25" });
  });

  it("stays when an owner kept it in time, as it was before", async () => {
    await setCompanyState(acme, { state: "read-only", reason: "Unpaid" });
    await startLeaving(acme);
    await stopLeaving(acme);
    now = new Date(now.getTime() + 31 * dayMs);
    expect(await isRemoved(acme)).toBe(false);
    expect(await acme.inTenant((tx) => tx.tenant.findFirst())).toMatchObject({ state: "read-only", leavesAt: null });
    await expect(stopLeaving(acme)).rejects.toMatchObject({ code: "conflict" });
    expect(await actions(acme)).toEqual(["company.suspended", "company.leaving", "company.stays"]);
  });
});

describe("a company's deletion that somebody else approves", () => {
  it("shuts nothing before another owner agrees, and never by who asked", async () => {
    const [ann, bob] = [await person(acme, "owner"), await person(acme, "owner")];
    const policy = { permission: "company:leave", people: 1 };
    await setPolicies(acme, companyPolicies, { policies: { "company-deletion": policy } });
    const { name } = await acme.inTenant((tx) => tx.tenant.findUniqueOrThrow({ where: { id: acme.tenantId } }));
    const state = () =>
      acme.inTenant(async (tx) => (await tx.tenant.findUniqueOrThrow({ where: { id: acme.tenantId } })).state);
    await expect(requestOrApply(ann, deletionChange, { companyName: "Acne" })).rejects.toMatchObject({
      code: "invalid",
    });
    const asked = await requestOrApply(ann, deletionChange, { companyName: name });
    if (asked.isApplied) throw new Error("It was made at once.");
    expect(asked.request.summary).toMatch(/^Delete the company ".+" on \d{4}-\d\d-\d\d, with all its costs/);
    expect(await state()).toBe("active");
    const decide = (by: Context) =>
      decideChangeRequest(by, [deletionChange], asked.request.id, { decision: "approve" });
    await expect(decide(ann)).rejects.toMatchObject({ code: "forbidden" });
    expect(await decide(bob)).toMatchObject({ state: "applied" });
    expect(await state()).toBe("leaving");
    // To keep it asks nobody.
    await stopLeaving(ann);
    expect(await state()).toBe("active");
  });
});
