import { requestOrApply } from "@finops/platform/approvals/request-or-apply";
import { createApiKey } from "@finops/platform/identity/api-keys";
import type { Outbox } from "@finops/platform/mail/outbox";
import { type Context, createContext } from "@finops/platform/tenancy/context";
import { createTestDatabase, type TestDatabase } from "@finops/platform/testing/test-database";
import { newId } from "@finops/kernel/id";
import type { ChangeKind } from "@finops/platform/approvals/change-kind";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { companyChanges, invitationChange } from "../companies/changes.ts";
import { grantChange, memberChange, peopleChanges, peoplePolicies } from "../people/changes.ts";
import { delegate } from "../people/delegations.ts";
import { listGrants } from "../people/grants.ts";
import { changeMember } from "../people/members.ts";
import { makeCompany, makePerson, movedClock } from "../people/testing/people.ts";
import { getPolicies, setPolicies } from "./policies.ts";
import {
  decideChangeRequest,
  getChangeRequest,
  listChangeRequests,
  retryChangeRequest,
  withdrawChangeRequest,
} from "./service.ts";

let test: TestDatabase;
const clock = movedClock("2026-11-22T12:00:00Z");
let acme: Context;
let outbox: Outbox;
let [ann, bob, eve]: Awaited<ReturnType<typeof makePerson>>[] = [];

const kinds = [...companyChanges, ...peopleChanges] as unknown as ChangeKind[];

beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.drop());
beforeEach(async () => {
  clock.at = new Date("2026-11-22T12:00:00Z");
  ({ ctx: acme, outbox } = await makeCompany(test, clock));
  [ann, bob, eve] = [
    await makePerson(acme, "admin"),
    await makePerson(acme, "admin"),
    await makePerson(acme, "viewer"),
  ];
});

const policy = (permission = "access:write", people = 1) => ({ permission, people });
const require_ = (policies: Record<string, ReturnType<typeof policy>>) =>
  setPolicies(acme, peoplePolicies, { policies });
const grantToEve = () => ({ subject: { kind: "person", id: eve!.id }, role: "finance", reason: "Cover" });
const may = async (permission: string) => (await eve!.be()).permissions.has(permission);
const actions = () =>
  acme.inTenant(async (tx) =>
    (await tx.auditEntry.findMany({ orderBy: { sequence: "asc" } })).map(({ action }) => action),
  );

async function ask(by: typeof ann, reason = ""): Promise<string> {
  const asked = await requestOrApply(await by!.be(), grantChange, grantToEve(), reason);
  if (asked.isApplied) throw new Error("It was made at once.");
  return asked.request.id;
}
const decide = async (by: typeof ann, id: string, decision: "approve" | "reject" = "approve") =>
  decideChangeRequest(await by!.be(), kinds, id, { decision });

describe("a change", () => {
  it("is made at once where no policy is about it", async () => {
    const made = await requestOrApply(await ann!.be(), grantChange, grantToEve());
    expect([made.isApplied, await may("views:write")]).toEqual([true, true]);
    expect(await actions()).toEqual(["grant.given"]);
  });

  it("waits for somebody else, tells those who may approve, and is made by the approval", async () => {
    await require_({ grants: policy() });
    const id = await ask(ann, "For the audit");
    expect([await may("views:write"), (await listGrants(acme)).grants]).toEqual([false, []]);
    expect(outbox.list().map(({ to }) => to)).toEqual([bob!.email]);
    expect(outbox.list()[0]!.text).toContain(`Give the role finance to the person "${eve!.name}"`);
    expect((await listChangeRequests(await bob!.be())).requests).toMatchObject([{ id, isForMe: true }]);
    expect((await listChangeRequests(await ann!.be())).requests).toMatchObject([{ id, isForMe: false }]);
    expect(await decide(bob, id)).toMatchObject({ state: "applied", decisions: [{ id: bob!.id, isApproval: true }] });
    expect(await may("views:write")).toBe(true);
    const { grants } = await listGrants(acme);
    expect(grants).toMatchObject([{ grantedBy: { id: ann!.id }, reason: "Cover" }]);
    expect((await actions()).slice(1)).toEqual([
      "change.requested",
      "change.approved",
      "grant.given",
      "change.applied",
    ]);
  });

  it("shows what it would do now, or why it could not be made, and leaves everything as it is", async () => {
    await require_({ grants: policy(), roles: policy() });
    const change = { person: eve!.id, change: { role: "finance" } };
    const asked = await requestOrApply(await ann!.be(), memberChange, change);
    const id = asked.isApplied ? "" : asked.request.id;
    const effect = async () => (await getChangeRequest(await bob!.be(), kinds, id)).effect;
    expect(await effect()).toMatchObject({
      before: { id: eve!.id, role: { key: "viewer" } },
      after: { id: eve!.id, role: { key: "finance" } },
      refusal: null,
    });
    expect(await may("views:write")).toBe(false);
    await changeMember(acme, ann!.id, { role: "viewer" });
    expect(await effect()).toMatchObject({ before: null, after: null, refusal: expect.stringMatching(/may not|need/) });
    await changeMember(acme, ann!.id, { role: "admin" });
    expect(await getChangeRequest(acme, kinds, await ask(ann))).toMatchObject({ effect: { before: null } });
    await decide(bob, id);
    expect([await effect(), await may("views:write")]).toEqual([null, true]);
  });

  it("is never approved by who asked for it, nor by who lacks the permission, nor by a delegation of who asked", async () => {
    await require_({ grants: policy() });
    const id = await ask(ann);
    await expect(decide(ann, id)).rejects.toMatchObject({
      code: "forbidden",
      message: expect.stringContaining("Nobody"),
    });
    await expect(decide(eve, id)).rejects.toMatchObject({ code: "not_found" });
    await delegate(await ann!.be(), { person: eve!.id, role: "admin", validUntil: "2026-12-01T00:00:00Z" });
    await expect(decide(eve, id)).rejects.toMatchObject({
      code: "forbidden",
      message: expect.stringContaining("delegation"),
    });
    expect(await may("views:write")).toBe(true);
    expect((await listGrants(acme)).grants.filter(({ isDelegated }) => !isDelegated)).toEqual([]);
  });

  it("needs as many as the policy says, each once, and only those who still may", async () => {
    const [carl, dora] = [await makePerson(acme, "admin"), await makePerson(acme, "admin")];
    await require_({ grants: policy("access:write", 2) });
    const id = await ask(ann);
    expect(await decide(bob, id)).toMatchObject({ state: "requested" });
    await expect(decide(bob, id)).rejects.toMatchObject({ code: "conflict" });
    await changeMember(acme, bob!.id, { role: "viewer" });
    expect(await decide(carl, id)).toMatchObject({ state: "requested" });
    expect(await decide(dora, id)).toMatchObject({ state: "applied" });
  });

  it("ends with a rejection, a withdrawal, or its time", async () => {
    await require_({ grants: policy() });
    const [rejected, withdrawn, late] = [await ask(ann), await ask(ann), await ask(ann)];
    expect(await decide(bob, rejected, "reject")).toMatchObject({ state: "rejected" });
    await expect(withdrawChangeRequest(await bob!.be(), withdrawn)).rejects.toMatchObject({ code: "forbidden" });
    expect(await withdrawChangeRequest(await ann!.be(), withdrawn)).toMatchObject({ state: "withdrawn" });
    clock.at = new Date("2026-11-29T12:00:00Z");
    expect(await getChangeRequest(await ann!.be(), kinds, late)).toMatchObject({ state: "expired" });
    for (const id of [rejected, withdrawn, late])
      await expect(decide(bob, id)).rejects.toMatchObject({ code: "conflict" });
    expect(await may("views:write")).toBe(false);
    const states = async (state: "requested" | "expired" | "all") =>
      (await listChangeRequests(await bob!.be(), { state })).requests.length;
    expect([await states("requested"), await states("expired"), await states("all")]).toEqual([0, 1, 3]);
  });

  it("that would be refused anyway is refused when it is asked for, and nobody is told", async () => {
    await require_({ grants: policy(), roles: policy() });
    await expect(requestOrApply(await eve!.be(), grantChange, grantToEve())).rejects.toMatchObject({
      code: "forbidden",
    });
    const toOwner = { person: eve!.id, change: { role: "owner" } };
    await expect(requestOrApply(await ann!.be(), memberChange, toOwner)).rejects.toMatchObject({ code: "forbidden" });
    expect([outbox.list(), (await listChangeRequests(acme, { state: "all" })).requests]).toEqual([[], []]);
  });

  it("is made as its asker may at that moment; else it stays approved with the reason, and can be tried again", async () => {
    await require_({ grants: policy() });
    const id = await ask(ann);
    await changeMember(acme, ann!.id, { role: "viewer" });
    expect(await decide(bob, id)).toMatchObject({
      state: "approved",
      failure: expect.stringContaining("access:write"),
    });
    expect(await may("views:write")).toBe(false);
    await changeMember(acme, ann!.id, { role: "admin" });
    expect(await retryChangeRequest(await bob!.be(), kinds, id)).toMatchObject({ state: "applied", failure: null });
    await expect(retryChangeRequest(await bob!.be(), kinds, id)).rejects.toMatchObject({ code: "conflict" });
    expect((await listGrants(acme)).grants.length).toBe(1);
  });

  it("is made once when two approve at the same moment", async () => {
    const carl = await makePerson(acme, "admin");
    await require_({ grants: policy() });
    const id = await ask(ann);
    await Promise.allSettled([decide(bob, id), decide(carl, id)]);
    expect([(await listGrants(acme)).grants.length, (await getChangeRequest(acme, kinds, id)).state]).toEqual([
      1,
      "applied",
    ]);
  });

  it("that invites sends its mail when it is approved, and holds no link before", async () => {
    await require_({ roles: policy("members:write") });
    const asked = await requestOrApply(await ann!.be(), invitationChange, {
      email: "new@acme.example",
      role: "viewer",
    });
    expect(outbox.list().map(({ to }) => to)).toEqual([bob!.email]);
    expect(JSON.stringify([asked, await acme.inTenant((tx) => tx.signInLink.findMany())])).not.toContain("sign-in/");
    if (!asked.isApplied) await decide(bob, asked.request.id);
    expect(outbox.list()[0]).toMatchObject({ to: "new@acme.example", text: expect.stringContaining("/sign-in/") });
  });

  it("is asked for by people, not by keys", async () => {
    await require_({ grants: policy() });
    const { apiKey } = await createApiKey(acme, { name: "CI", permissions: ["access:write"] });
    const key = createContext(acme.host, {
      tenantId: acme.tenantId,
      actor: { kind: "key", id: apiKey.id, name: "CI" },
      via: "key",
      permissions: ["access:write", "finance"],
    });
    await expect(requestOrApply(key, grantChange, grantToEve())).rejects.toMatchObject({ code: "forbidden" });
  });
});

describe("the policies", () => {
  it("are refused when too few people could approve", async () => {
    await expect(require_({ grants: policy("access:write", 2) })).rejects.toMatchObject({
      code: "precondition",
      facts: { people: 3, found: 2 },
    });
    await expect(require_({ other: policy() })).rejects.toMatchObject({ code: "invalid" });
  });

  it("are not lifted by one person alone", async () => {
    await require_({ grants: policy() });
    const lifted = await setPolicies(await ann!.be(), peoplePolicies, { policies: {} });
    expect(lifted.isApplied).toBe(false);
    expect((await getPolicies(await eve!.be(), peoplePolicies)).policies).toEqual({ grants: policy() });
    if (!lifted.isApplied) expect(await decide(bob, lifted.request.id)).toMatchObject({ state: "applied" });
    expect((await getPolicies(acme, peoplePolicies)).policies).toEqual({});
  });

  it("need the permission to set them", async () => {
    const viewer = await eve!.be();
    await expect(setPolicies(viewer, peoplePolicies, {})).rejects.toMatchObject({ code: "forbidden" });
  });
});

it("never shows or decides a change of another company", async () => {
  await require_({ grants: policy() });
  const id = await ask(ann);
  const { ctx: beta } = await makeCompany(test, clock);
  const other = await (await makePerson(beta, "owner")).be();
  expect((await listChangeRequests(other, { state: "all" })).requests).toEqual([]);
  for (const reach of [
    () => getChangeRequest(other, kinds, id),
    () => decideChangeRequest(other, kinds, id, { decision: "approve" }),
    () => withdrawChangeRequest(other, id),
    () => retryChangeRequest(other, kinds, id),
    () => getChangeRequest(other, kinds, newId()),
  ])
    await expect(reach()).rejects.toMatchObject({ code: "not_found", message: "There is no such change request." });
});
