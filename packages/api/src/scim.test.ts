import { type Clock } from "@finops/kernel/clock";
import { newId } from "@finops/kernel/id";
import { createAccessRule } from "@finops/capabilities/people/access-rules";
import { giveGrant } from "@finops/capabilities/people/grants";
import { addGroupMember } from "@finops/capabilities/people/groups";
import { createApiKey } from "@finops/platform/identity/api-keys";
import { createSession, findSession } from "@finops/platform/identity/sessions";
import { ensureUser, listCompaniesOfUser, setMember } from "@finops/platform/identity/users";
import { type Context, createSystemContext } from "@finops/platform/tenancy/context";
import { createTenant } from "@finops/platform/tenancy/tenants";
import { createTestDatabase, type TestDatabase } from "@finops/platform/testing/test-database";
import { createTestHost } from "@finops/platform/testing/test-host";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createApi } from "./app.ts";

let test: TestDatabase;
const now = new Date("2026-11-22T12:00:00Z");
const clock: Clock = { now: () => now, today: () => "2026-11-22" };
let api: ReturnType<typeof createApi>;
/** Two companies, each with an identity provider that has a key. */
let [acme, beta]: Company[] = [];

interface Company {
  ctx: Context;
  key: string;
}

beforeAll(async () => {
  test = await createTestDatabase();
  const host = createTestHost({ db: test.db, clock });
  const parts = { host, store: {}, engine: null, isReady: async () => true, local: null };
  api = createApi(parts as unknown as Parameters<typeof createApi>[0]);
});
afterAll(() => test.drop());
beforeEach(async () => {
  [acme, beta] = [await company(), await company()];
});

async function company(): Promise<Company> {
  const { id } = await createTenant(test.db, { slug: `c${newId().replaceAll("-", "")}`, name: "Company" });
  const ctx = createSystemContext(createTestHost({ db: test.db, clock }), id, "test");
  const { key } = await createApiKey(ctx, { name: "Identity provider", permissions: ["scim:write"] });
  return { ctx, key };
}

type Json = Record<string, unknown>;

async function send(of: { key: string }, method: string, path: string, body?: unknown) {
  const answer = await api.request(`/scim/v2${path}`, {
    method,
    headers: {
      authorization: `Bearer ${of.key}`,
      ...(body === undefined ? {} : { "content-type": "application/scim+json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: (text === "" ? {} : JSON.parse(text)) as Json };
}

const userSchema = "urn:ietf:params:scim:schemas:core:2.0:User";
const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const patchOf = (...Operations: unknown[]) => ({
  schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
  Operations,
});
const email = () => `${newId()}@acme.example`;

async function makeUser(of: Company, wish: Json = {}) {
  const { status, body } = await send(of, "POST", "/Users", { schemas: [userSchema], userName: email(), ...wish });
  expect(status).toBe(201);
  return body as Json & { id: string; userName: string };
}

const listed = async (of: Company, filter: string) =>
  (await send(of, "GET", `/Users?filter=${encodeURIComponent(filter)}`)).body;
const actions = (of: Company) =>
  of.ctx.inTenant(async (tx) =>
    (await tx.auditEntry.findMany({ orderBy: { sequence: "asc" } })).map(({ action }) => action),
  );

describe("a user", () => {
  it("is made with the default role, found by userName in any case, and told as it was sent", async () => {
    const userName = `Ann.${newId()}@Acme.example`;
    const made = await send(acme!, "POST", "/Users", {
      schemas: [userSchema, enterprise],
      userName,
      externalId: "00u1",
      name: { givenName: "Ann", familyName: "Other" },
      displayName: "Ann Other",
      emails: [{ value: userName, type: "work", primary: true }],
      [enterprise]: { department: "Cart" },
    });
    expect(made).toMatchObject({
      status: 201,
      body: {
        userName,
        externalId: "00u1",
        active: true,
        name: { givenName: "Ann" },
        [enterprise]: { department: "Cart" },
      },
    });
    expect(made.headers.get("content-type")).toBe("application/scim+json");
    expect(made.headers.get("location")).toBe((made.body["meta"] as Json)["location"]);
    const found = await listed(acme!, `userName eq "${userName.toUpperCase()}"`);
    expect(found).toMatchObject({ totalResults: 1, Resources: [{ id: made.body["id"] }] });
    const companies = await listCompaniesOfUser(test.db, made.body["id"] as string);
    expect(companies.map(({ roleKey }) => roleKey)).toEqual(["viewer"]);
    expect(await actions(acme!)).toContain("member.provisioned");
  });

  it("is made once, whatever the case of the name", async () => {
    const { userName } = await makeUser(acme!);
    const again = await send(acme!, "POST", "/Users", { schemas: [userSchema], userName: userName.toUpperCase() });
    expect(again).toMatchObject({ status: 409, body: { scimType: "uniqueness", status: "409" } });
  });

  it("who is deactivated is out at once and cannot come in, here and nowhere else, until they are activated", async () => {
    const { id } = await makeUser(acme!);
    await setMember(test.db, beta!.ctx.tenantId, id, "viewer");
    const session = (of: Company) =>
      createSession(test.db, clock, { tenantId: of.ctx.tenantId, userId: id, method: "link" });
    const [{ token: here }, { token: there }] = [await session(acme!), await session(beta!)];
    // As Microsoft Entra writes it.
    const off = await send(acme!, "PATCH", `/Users/${id}`, patchOf({ op: "Replace", path: "active", value: "False" }));
    expect(off).toMatchObject({ status: 200, body: { active: false } });
    expect(await findSession(test.db, clock, here)).toBeNull();
    expect(await findSession(test.db, clock, there)).not.toBeNull();
    const { token: fresh } = await session(acme!);
    expect(await findSession(test.db, clock, fresh)).toBeNull();
    expect((await listCompaniesOfUser(test.db, id)).length).toBe(1);
    expect(await listed(acme!, "active eq false")).toMatchObject({ totalResults: 1 });
    // As Okta writes it.
    await send(acme!, "PATCH", `/Users/${id}`, patchOf({ op: "replace", value: { active: true } }));
    expect(await findSession(test.db, clock, (await session(acme!)).token)).not.toBeNull();
    expect(await actions(acme!)).toEqual(expect.arrayContaining(["member.deactivated", "member.activated"]));
  });

  it("takes what Entra and Okta send in a PATCH, whatever the path", async () => {
    const { id, userName } = await makeUser(acme!);
    const patched = await send(
      acme!,
      "PATCH",
      `/Users/${id}`,
      patchOf(
        { op: "Add", path: 'emails[type eq "work"].value', value: userName },
        { op: "Replace", path: `${enterprise}:department`, value: "Cart" },
        { op: "Add", value: { "name.givenName": "Ann", displayName: "Ann", [`${enterprise}:costCenter`]: "7" } },
        { op: "replace", path: "name", value: { familyName: "Other" } },
        { op: "replace", path: 'phoneNumbers[type eq "mobile"].value', value: "1" },
        { op: "remove", path: "displayName" },
        { op: "replace", path: "externalId", value: "x1" },
      ),
    );
    expect(patched.body).toMatchObject({
      externalId: "x1",
      name: { givenName: "Ann", familyName: "Other" },
      [enterprise]: { department: "Cart", costCenter: "7" },
    });
    expect(patched.body).not.toHaveProperty("displayName");
  });

  it.each([
    ["an attribute that there is not", { op: "replace", path: "shoeSize", value: "42" }, "invalidPath"],
    ["a state that is none", { op: "replace", path: "active", value: "maybe" }, "invalidValue"],
    ["an operation that there is not", { op: "copy", path: "active", value: true }, "invalidSyntax"],
    ["nothing to remove", { op: "remove" }, "noTarget"],
    ["another address", { op: "replace", path: "emails", value: [{ value: "other@acme.example" }] }, "mutability"],
    ["no name", { op: "remove", path: "userName" }, "invalidValue"],
  ])("is not changed by a PATCH with %s", async (_, operation, scimType) => {
    const { id } = await makeUser(acme!);
    const answer = await send(
      acme!,
      "PATCH",
      `/Users/${id}`,
      patchOf({ op: "replace", path: "title", value: "CFO" }, operation),
    );
    expect(answer).toMatchObject({
      status: 400,
      body: { scimType, schemas: [expect.stringContaining("messages:2.0:Error")] },
    });
    expect((await send(acme!, "GET", `/Users/${id}`)).body).not.toHaveProperty("title");
  });

  it("is replaced whole by a PUT", async () => {
    const { id, userName } = await makeUser(acme!, { title: "CFO", externalId: "x" });
    const { body } = await send(acme!, "PUT", `/Users/${id}`, { schemas: [userSchema], id, userName, nickName: "Ann" });
    expect(body).toMatchObject({ userName, nickName: "Ann", active: true });
    expect(body).not.toHaveProperty("title");
    expect(body).not.toHaveProperty("externalId");
  });

  it("who was invited by hand is found and taken over; the last owner is neither deactivated nor removed", async () => {
    const [address, own] = [email(), await ensureUser(test.db, { email: email(), name: "Ann" })];
    const id = await ensureUser(test.db, { email: address, name: "Bob" });
    await setMember(test.db, acme!.ctx.tenantId, own, "owner");
    await setMember(test.db, acme!.ctx.tenantId, id, "finance");
    expect(await listed(acme!, `userName eq "${address}"`)).toMatchObject({ Resources: [{ id, userName: address }] });
    await send(acme!, "PATCH", `/Users/${id}`, patchOf({ op: "replace", path: "userName", value: "bob" }));
    expect(await listed(acme!, 'userName eq "bob"')).toMatchObject({ Resources: [{ id }] });
    for (const [method, body] of [
      ["DELETE"],
      ["PATCH", patchOf({ op: "replace", path: "active", value: false })],
    ] as const)
      expect((await send(acme!, method, `/Users/${own}`, body)).status).toBe(409);
    expect((await send(acme!, "DELETE", `/Users/${id}`)).status).toBe(204);
    expect((await send(acme!, "GET", `/Users/${id}`)).status).toBe(404);
  });

  it("is listed page by page, from 1 on", async () => {
    for (let made = 0; made < 3; made += 1) await makeUser(acme!);
    const page = async (query: string) => (await send(acme!, "GET", `/Users?${query}`)).body;
    const [first, second] = [await page("startIndex=1&count=2"), await page("startIndex=3&count=2")];
    expect([first, second]).toMatchObject([
      { totalResults: 3, startIndex: 1, itemsPerPage: 2 },
      { totalResults: 3, startIndex: 3, itemsPerPage: 1 },
    ]);
    const ids = [first, second].flatMap((one) => (one["Resources"] as { id: string }[]).map(({ id }) => id));
    expect(new Set(ids).size).toBe(3);
    expect(await page("count=0")).toMatchObject({ totalResults: 3, Resources: [] });
    expect(await page("startIndex=-5&count=1&attributes=userName")).toMatchObject({ startIndex: 1, itemsPerPage: 1 });
  });

  it.each(['userName co "a"', "userName eq", 'shoeSize eq "1"', 'userName eq "a" or active eq true'])(
    "is not looked for by the filter %s",
    async (filter) => {
      expect(await send(acme!, "GET", `/Users?filter=${encodeURIComponent(filter)}`)).toMatchObject({
        status: 400,
        body: { scimType: "invalidFilter" },
      });
    },
  );

  it("has and loses by a rule what their department gives", async () => {
    const { id } = await makeUser(acme!, { [enterprise]: { department: "Finance" } });
    await createAccessRule(acme!.ctx, {
      name: "Finance",
      attribute: "department",
      value: "Finance",
      gives: { role: "finance" },
    });
    const { token } = await createSession(test.db, clock, { tenantId: acme!.ctx.tenantId, userId: id, method: "link" });
    const may = async () => (await findSession(test.db, clock, token))!.permissions.has("views:write");
    expect(await may()).toBe(true);
    await send(
      acme!,
      "PATCH",
      `/Users/${id}`,
      patchOf({ op: "replace", path: `${enterprise}:department`, value: "Sales" }),
    );
    expect(await may()).toBe(false);
  });
});

describe("a group", () => {
  it("is kept by the provider, and what it is given is had by those in it", async () => {
    const [ann, bob] = [await makeUser(acme!), await makeUser(acme!)];
    const made = await send(acme!, "POST", "/Groups", { displayName: "Finance", members: [{ value: ann.id }] });
    const id = made.body["id"] as string;
    await giveGrant(acme!.ctx, { subject: { kind: "group", id }, role: "finance" });
    const membersAfter = async (...operations: unknown[]) => {
      const { status, body } = await send(acme!, "PATCH", `/Groups/${id}`, patchOf(...operations));
      expect(status).toBe(200);
      return (body["members"] as { value: string }[]).map(({ value }) => value).toSorted();
    };
    const both = [ann.id, bob.id].toSorted();
    expect(await membersAfter({ op: "Add", path: "members", value: [{ value: bob.id }] })).toEqual(both);
    expect(await membersAfter({ op: "remove", path: `members[value eq "${ann.id}"]` })).toEqual([bob.id]);
    expect(await membersAfter({ op: "Remove", path: "members", value: [{ value: bob.id }] })).toEqual([]);
    // As Okta renames and fills.
    expect(
      await membersAfter(
        { op: "replace", value: { id, displayName: "Finance team" } },
        { op: "replace", path: "members", value: both.map((value) => ({ value })) },
      ),
    ).toEqual(both);
    const { token } = await createSession(test.db, clock, {
      tenantId: acme!.ctx.tenantId,
      userId: bob.id,
      method: "link",
    });
    expect((await findSession(test.db, clock, token))!.permissions.has("views:write")).toBe(true);
    await expect(addGroupMember(acme!.ctx, id, ann.id)).rejects.toMatchObject({ code: "conflict" });

    const filter = encodeURIComponent('displayName eq "Finance team"');
    const { body } = await send(acme!, "GET", `/Groups?excludedAttributes=members&filter=${filter}`);
    expect(body).toMatchObject({ totalResults: 1, Resources: [{ id }] });
    expect((body["Resources"] as Json[])[0]).not.toHaveProperty("members");
    expect((await send(acme!, "DELETE", `/Groups/${id}`)).status).toBe(204);
    expect((await findSession(test.db, clock, token))!.permissions.has("views:write")).toBe(false);
  });

  it("has a name of its own, and only people of the company in it", async () => {
    const theirs = await makeUser(beta!);
    await acme!.ctx.inTenant((tx) => tx.group.create({ data: { name: "By hand" } }));
    expect(await send(acme!, "POST", "/Groups", { displayName: "By hand" })).toMatchObject({ status: 409 });
    for (const value of [theirs.id, newId(), "nobody"])
      expect(await send(acme!, "POST", "/Groups", { displayName: "G", members: [{ value }] })).toMatchObject({
        status: 400,
        body: { scimType: "invalidValue", detail: "members: One of them is no user. Create the user first." },
      });
    expect((await send(acme!, "GET", "/Groups")).body).toMatchObject({ totalResults: 0 });
  });
});

describe("an identity provider", () => {
  it("learns what is supported", async () => {
    expect((await send(acme!, "GET", "/ServiceProviderConfig")).body).toMatchObject({
      patch: { supported: true },
      bulk: { supported: false },
    });
    expect((await send(acme!, "GET", "/ResourceTypes")).body).toMatchObject({ totalResults: 2 });
    expect((await send(acme!, "GET", "/Schemas")).body).toMatchObject({ totalResults: 3 });
  });

  it("needs the permission, and finds nothing of another company", async () => {
    const { id } = await makeUser(beta!);
    const group = (await send(beta!, "POST", "/Groups", { displayName: "Theirs" })).body["id"] as string;
    const weak = await createApiKey(acme!.ctx, { name: "weak", permissions: ["members:write"] });
    const put = { userName: email(), displayName: "Mine" };
    const patch = patchOf({ op: "replace", path: "displayName", value: "Mine" });
    for (const path of [`/Users/${id}`, `/Groups/${group}`])
      for (const [method, body] of [["GET"], ["PUT", put], ["PATCH", patch], ["DELETE"]] as const) {
        const [theirs, nobodys] = [
          await send(acme!, method, path, body),
          await send(acme!, method, path.replace(/[^/]+$/, newId()), body),
        ];
        expect([theirs.status, theirs.body]).toEqual([404, nobodys.body]);
        expect((await send({ key: weak.key }, method, path, body)).status).toBe(403);
      }
    expect((await send({ key: "finops_wrong" }, "GET", "/Users")).body).toMatchObject({ status: "401" });
    expect((await send(acme!, "GET", "/Nothing")).body).toMatchObject({ status: "404" });
    expect(await listed(acme!, `id eq "${id}"`)).toMatchObject({ totalResults: 0 });
  });

  it("who makes a user of a person of another company is told no more than of a stranger", async () => {
    const address = email();
    const theirs = await makeUser(beta!, { userName: address, displayName: "Their name", externalId: "theirs" });
    const ours = await makeUser(acme!, { userName: address });
    expect(ours.id).toBe(theirs.id);
    expect(JSON.stringify(ours)).not.toMatch(/Their name|theirs/);
    await send(acme!, "DELETE", `/Users/${ours.id}`);
    expect((await send(beta!, "GET", `/Users/${theirs.id}`)).body).toMatchObject({
      displayName: "Their name",
      active: true,
    });
  });
});
