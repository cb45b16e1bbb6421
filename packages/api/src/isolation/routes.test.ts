import { newId } from "@finops/kernel/id";
import { prepareApiKey } from "@finops/platform/identity/api-keys";
import { createSession } from "@finops/platform/identity/sessions";
import { ensureUser, setMember } from "@finops/platform/identity/users";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeApi } from "../openapi-document.ts";
import {
  addressOf,
  type ApiOperation,
  listOperations,
  type Request,
  type Slot,
  withFreshNames,
  withoutFreshNames,
} from "./testing/api-operations.ts";
import {
  createForeignSearch,
  type ForeignSearch,
  type ForeignText,
  readable,
  withoutSent,
} from "./testing/foreign-text.ts";
import {
  addAlert,
  addDelivery,
  type Answer,
  askForChange,
  type Company,
  createTwoCompanies,
  inThirtyDays,
  type Sent,
  type TwoCompanies,
} from "./testing/two-companies.ts";
import { bodyOf, chooseForeign, foreignTexts, twinOf, type Walk, walkCompany, withId } from "./testing/walk-company.ts";

/**
 * Operations that cannot take part, each with the reason. A route that is neither covered nor here fails the suite: give its
 * body an `example` in the document, or say in `afterMaking` what a thing needs before it can be asked for.
 */
const leftOut: Readonly<Record<string, string>> = {
  "POST /api/v1/company/demo-data": "Only a company without costs gets them, and these two have some. It takes no id.",
};

/** What a thing of a collection needs before everything can be asked of it. */
const afterMaking: Readonly<Record<string, (company: Company, path: string) => Promise<unknown>>> = {
  "/api/v1/imports": (company, path) => company.ask("PUT", `${path}/file?name=subAccountId`, { file: company.bill }),
  "/api/v1/reports": (company, path) => company.ask("POST", `${path}/runs`),
  "/api/v1/company/exports": async (company, path) => {
    while ((await company.ask<{ state: string }>("GET", path)).state !== "done")
      await new Promise((resolve) => setTimeout(resolve, 50));
  },
  "/api/v1/groups": async (company, path) => company.ask("PUT", `${path}/members/${await findReader(company)}`),
};

/** How this company comes to a thing that no route makes alone, for an operation on it or all of a collection. */
const ownThings: Readonly<Record<string, (company: Company) => Promise<string>>> = {
  // A session of the company's own person, beside the one that asks.
  "/api/v1/sessions": async ({ ctx, tenantId, userId, ask }) => {
    await createSession(ctx.host.db, ctx.host.clock, { tenantId, userId, method: "link" });
    return (await ask<{ sessions: { id: string }[] }>("GET", "/api/v1/sessions")).sessions[0]!.id;
  },
  // Who is mentioned has a notice.
  "/api/v1/inbox": async ({ ask, userId }) => {
    const { budgets } = await ask<{ budgets: { id: string }[] }>("GET", "/api/v1/budgets");
    const body = { text: "Look.", mentionIds: [userId] };
    await ask("POST", `/api/v1/budgets/${budgets[0]!.id}/comments`, { body });
    return (await ask<{ notices: { id: string }[] }>("GET", "/api/v1/inbox")).notices[0]!.id;
  },
  // Rules make alerts, and alerts deliveries.
  "/api/v1/alerts": async (company) => {
    const { rules } = await company.ask<{ rules: { id: string }[] }>("GET", "/api/v1/alerts/rules");
    return addAlert(company, rules[0]!.id);
  },
  "/api/v1/alerts/deliveries": async (company) => {
    const { channels } = await company.ask<{ channels: { id: string }[] }>("GET", "/api/v1/alerts/channels");
    return addDelivery(company, channels[0]!.id);
  },
  // Somebody belongs to the company once they have used the link of their invitation, which is in their mail alone.
  "/api/v1/members": async ({ ctx, tenantId, word }) => {
    const { db } = ctx.host;
    const id = await ensureUser(db, { email: `${newId()}@${word}.example`, name: "" });
    await setMember(db, tenantId, id, "viewer");
    return id;
  },
  // A key waits where somebody else approved it.
  "POST /api/v1/keys/{id}/take": async ({ ctx, userId }) => {
    const maker = { ...ctx, actor: { kind: "person" as const, id: userId, name: "Owner" } };
    return (await prepareApiKey(maker, { name: "Approved", permissions: [] })).id;
  },
  "POST /api/v1/change-requests/{id}/decision": async (company) =>
    askForChange(company, { askerId: await findReader(company), state: "requested" }),
  "POST /api/v1/change-requests/{id}/withdraw": (company) =>
    askForChange(company, { askerId: company.userId, state: "requested" }),
  "POST /api/v1/change-requests/{id}/apply": async (company) =>
    askForChange(company, { askerId: await findReader(company), state: "approved" }),
};

/** Comes last: what one is called stands in answers to everything else. */
const renaming = "PATCH /api/v1/me";

/** What tells who asked for what, and so everything that this suite sent before. */
const tellsRequests: ReadonlySet<string> = new Set(["GET /api/v1/audit", "GET /api/v1/audit/export"]);

/**
 * What an answer may say of another company, each with the reason. The id of a person is the same in every company and random:
 * who provisions somebody by their address gets it, and learns nothing from it.
 */
const mayTell: Readonly<Record<string, (company: Company) => Promise<string>>> = {
  "POST /scim/v2/Users": (company) => findReader(company),
};

/** Where a request names what is no secret: that a subdomain is taken shows its sign-in page, and who asks is told so. */
const isPublic = (slot: { where: string }) => /^(body\.|query )subdomain$/.test(slot.where);

/** How many kinds of foreign ids and names are tried in one place of a request. */
const valuesMax = { path: 4, reading: 1, changing: 1 };

let two: TwoCompanies;
let operations: ApiOperation[];
let ours: Walk;
let theirs: Walk;
let search: ForeignSearch;
let foreign: ForeignText[];
const uncovered = new Map<string, string>();
const everSent = new Set<string>();

beforeAll(async () => {
  two = await createTwoCompanies();
  operations = await operationsFor(two.ours);
  ours = await walkCompany(two.ours, operations);
  theirs = await walkCompany(two.theirs, await operationsFor(two.theirs));
  const texts = foreignTexts(theirs, ours);
  search = createForeignSearch(two.theirs, texts);
  foreign = chooseForeign(texts);
}, 180_000);

afterAll(async () => {
  const covered = operations.filter(({ name }) => !uncovered.has(name) && leftOut[name] === undefined).length;
  process.stdout.write(`covered ${covered} of ${operations.length} routes\n`);
  await two.close();
});

/** The operations with requests that this company can send: what is rolled back must be its own. */
async function operationsFor(company: Company): Promise<ApiOperation[]> {
  const { periods } = await company.ask<{ periods: { position: string }[] }>("GET", "/api/v1/datasets");
  const { groups } = await company.ask<{ groups: { id: string; isProvisioned: boolean }[] }>("GET", "/api/v1/groups");
  const { reports } = await company.ask<{ reports: { id: string }[] }>("GET", "/api/v1/reports");
  const { budgets } = await company.ask<{ budgets: { id: string }[] }>("GET", "/api/v1/budgets");
  const reader = await findReader(company);
  return listOperations(describeApi(two.api), {
    position: periods.at(-1)!.position,
    company: company.slug,
    companyName: `Company ${company.word}`,
    person: reader,
    personId: reader,
    sends: { kind: "report", id: reports[0]!.id },
    budgetId: budgets[0]!.id,
    // Of budgets, to be copied.
    ids: [budgets[0]!.id],
    subject: { kind: "group", id: groups.find(({ isProvisioned }) => !isProvisioned)!.id },
    validUntil: inThirtyDays(),
  })
    .filter(({ name }) => leftOut[name] === undefined)
    .toSorted((a, b) => Number(a.name === renaming) - Number(b.name === renaming));
}

/** The person of a company who is not the one that asks. */
async function findReader({ ask, word }: Company): Promise<string> {
  const { members } = await ask<{ members: { id: string; email: string }[] }>("GET", "/api/v1/members?limit=500");
  return members.find(({ email }) => email === `reader@${word}.example`)!.id;
}

const send = (operation: ApiOperation, request: Request, sent: Sent = {}) =>
  two.ours.send(operation.method, addressOf(operation, request), {
    ...bodyOf(withFreshNames(operation, request)),
    ...sent,
  });

/** An answer without what the request said and what differs each time. */
function comparable({ name, isReading }: ApiOperation, answer: Answer, sent: readonly string[]): string {
  const text = withoutFreshNames(readable(answer).join("\n"))
    .replaceAll(/"requestId":"[^"]*"/g, '"requestId":""')
    .replaceAll(/\d{4}-\d{2}-\d{2}T[\d:.]+Z/g, "<instant>")
    .replaceAll(/"(durationMs|fromCache)":[^,}]+/g, '"$1":0')
    .replaceAll(/finops-verification=[\w-]+/g, "finops-verification=<proof>")
    // Made at random, and shown once.
    .replaceAll(/"finops_[\w-]+"/g, '"<key>"')
    // Of files that hold the instant, or what was sent.
    .replaceAll(/^[0-9a-f]{64} {2}/gm, "<sha256>  ")
    // A change is written at a new position.
    .replaceAll(isReading ? /(?!)/g : /"position":"\d+"/g, '"position":""');
  const told = withoutSent(text, sent).replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "<id>");
  return `${answer.status} ${answer.headers.get("content-type")} ${tellsRequests.has(name) ? withoutCount(told) : told}`;
}

/** Entries of the audit without their place in the chain, those that are alike once. */
function withoutCount(text: string): string {
  const entries = text.replaceAll(/[0-9a-f]{64}/g, "<hash>").replaceAll(/^\d+,|"sequence":"?\d+"?/gm, "");
  return [...new Set(entries.split(/\n|(?<=\}),(?=\{)/))].join("\n");
}

/** Where two texts part. */
function difference(got: string, expected: string): string {
  let at = 0;
  while (at < got.length && got[at] === expected[at]) at += 1;
  const from = Math.max(0, at - 80);
  return `${got.slice(from, from + 200)} is not ${expected.slice(from, from + 200)}`;
}

/** Asks for what is theirs and for what is nobody's: what is wrong with the two answers, if anything. */
async function compare(
  operation: ApiOperation,
  where: string,
  value: string,
  ask: (value: string) => Promise<Answer>,
): Promise<string[]> {
  const nobodys = twinOf(value);
  everSent.add(value).add(nobodys);
  const sent = tellsRequests.has(operation.name) ? [...everSent] : [];
  const [answer, control] = [await ask(value), await ask(nobodys)];
  const allowed = await mayTell[operation.name]?.(two.theirs);
  const told = search.find(answer, [value, ...sent]).filter((text) => text !== allowed);
  const got = comparable(operation, answer, [value, ...sent]);
  const expected = comparable(operation, control, [nobodys, ...sent]);
  const at = `${operation.name}, ${where}, asked for ${value}`;
  return [
    ...(told.length === 0 ? [] : [`${at}: the answer says ${told.join(", ")}`]),
    ...(got === expected ? [] : [`${at}: ${difference(got, expected)}`]),
    ...(answer.status < 500 ? [] : [`${at}: ${answer.status}`]),
  ];
}

/** Something of ours that nothing else was done to, for an operation on one thing. */
async function makeOwn({ name, path }: ApiOperation): Promise<string> {
  const collection = path.slice(0, path.indexOf("/{"));
  const ownThing = ownThings[name] ?? ownThings[collection];
  if (ownThing !== undefined) return ownThing(two.ours);
  const maker = operations.find((operation) => operation.name === `POST ${collection}`);
  const known = ours.ids.get(name)?.[0];
  if (maker === undefined && known !== undefined) return known;
  if (maker === undefined) throw new Error(`Nothing makes what ${name} asks for.`);
  const made = await send(maker, maker.request);
  const { id, key } = JSON.parse(made.text) as { id?: string; key?: string };
  const own = id ?? key!;
  await afterMaking[collection]?.(two.ours, `${collection}/${own}`);
  return own;
}

const ownRequest = async (operation: ApiOperation) =>
  operation.pathIds.length === 0 ? operation.request : withId(operation, await makeOwn(operation));

async function faultsOf(work: (operation: ApiOperation) => Promise<string[]>, some = operations): Promise<string[]> {
  const faults: string[] = [];
  for (const operation of some) faults.push(...(await work(operation)));
  return faults;
}

describe("a person of one company, on every route", () => {
  it("reads what is theirs, and finds nothing of another company in it", async () => {
    const faults = await faultsOf(
      async (operation) => {
        const answer = await send(operation, await ownRequest(operation));
        if (answer.status >= 300) uncovered.set(operation.name, `${answer.status} ${answer.text.slice(0, 300)}`);
        const told = search.find(answer);
        return told.length === 0 ? [] : [`${operation.name} says ${told.join(", ")}`];
      },
      operations.filter((operation) => operation.isReading),
    );
    expect(faults).toEqual([]);
    expect(Object.fromEntries(uncovered)).toEqual({});
  });

  it("is told of another's thing what they are told of one that there is not", async () => {
    const onOne = operations.filter((operation) => operation.pathIds.length > 0);
    const faults = await faultsOf(async (operation) => {
      const known = theirs.ids.get(operation.name);
      if (operation.method === "GET" && known === undefined)
        uncovered.set(operation.name, "the other company has nothing that it could be asked for");
      const others = foreign.slice(0, valuesMax.path).map((text) => text.value);
      const found: string[] = [];
      for (const value of new Set([...(known ?? []).slice(0, 2), ...others]))
        found.push(...(await compare(operation, "path", value, (id) => send(operation, withId(operation, id)))));
      const { status } = await send(operation, withId(operation, known?.[0] ?? foreign[0]!.value));
      return status === 404 ? found : [...found, `${operation.name} answers ${status} to an id of another company`];
    }, onOne);
    expect(faults).toEqual([]);
    expect(Object.fromEntries(uncovered)).toEqual({});
  }, 180_000);

  it("learns nothing by asking with another's names, filters and cursors", async () => {
    const faults = await faultsOf(
      async (operation) => {
        const own = await ownRequest(operation);
        const found: string[] = [];
        for (const slot of operation.slots.filter((one) => !isPathId(operation, one) && !isPublic(one)))
          for (const { value } of valuesFor(slot.where, valuesMax.reading))
            found.push(
              ...(await compare(operation, slot.where, value, (text) => send(operation, slot.put(own, text)))),
            );
        return found;
      },
      operations.filter((operation) => operation.isReading),
    );
    expect(faults).toEqual([]);
  }, 180_000);

  it("stays in their company, whatever header, host or cookie they invent", async () => {
    const faults = await faultsOf(async (operation) => {
      const own =
        operation.isReading || operation.pathIds.length === 0
          ? await ownRequest(operation)
          : withId(operation, twinOf(foreign[0]!.value));
      // To roll back again and again takes long, and would be the same each time.
      const position = operation.slots.find(({ where }) => where === "body.position");
      const request = position?.put(own, twinOf("1")) ?? own;
      const found: string[] = [];
      for (const [what, forge] of Object.entries(forgeries(two.ours)))
        found.push(
          ...(await compare(operation, what, two.theirs.slug, (slug) => send(operation, request, forge(slug)))),
        );
      return found;
    });
    expect(faults).toEqual([]);
  }, 180_000);

  it("changes what is theirs, and can point it at nothing of another company", async () => {
    const faults = await faultsOf(
      async (operation) => {
        const answer = await send(operation, await ownRequest(operation));
        if (answer.status >= 300) uncovered.set(operation.name, `${answer.status} ${answer.text.slice(0, 300)}`);
        const found = search.find(answer).map((told) => `${operation.name} says ${told}`);
        for (const slot of operation.slots.filter((one) => !isPathId(operation, one) && !isPublic(one)))
          for (const { value } of valuesFor(slot.where, valuesMax.changing))
            found.push(
              ...(await compare(operation, slot.where, value, async (text) =>
                send(operation, slot.put(await ownRequest(operation), text)),
              )),
            );
        return found;
      },
      operations.filter((operation) => !operation.isReading),
    );
    expect(faults).toEqual([]);
    expect(Object.fromEntries(uncovered)).toEqual({});
  }, 180_000);
});

/** Whether it names the thing that is asked for, which has a test of its own. */
function isPathId({ pathIds }: ApiOperation, { where, isPath }: Slot): boolean {
  return isPath && pathIds.some((name) => where === `path ${name}`);
}

/** A cursor is tried where one is taken, a position where one is; elsewhere what names things comes first. */
function valuesFor(where: string, countMax: number): ForeignText[] {
  const special = [/[cC]ursor$/, /[pP]osition$/];
  const own = special.find((one) => one.test(where));
  const fitting = foreign.filter(({ kind }) =>
    own === undefined ? special.every((one) => !one.test(kind)) : own.test(kind),
  );
  // First what stands in a field of the same name, then what names things.
  const field = where.split(/[ .]/).at(-1)!;
  const rank = ({ kind }: ForeignText) =>
    kind.endsWith(`.${field}`) ? 0 : /resourceId$|source$|\.id$/.test(kind) ? 1 : 2;
  return fitting.toSorted((a, b) => rank(a) - rank(b)).slice(0, countMax);
}

/** Ways to claim another company, each by its slug. */
function forgeries(company: Company): Record<string, (slug: string) => Sent> {
  const [name, token] = company.cookie.split("=") as [string, string];
  const request = { "x-finops-request": "1" };
  return {
    "the host and the headers that name a company": (slug) => ({
      origin: `http://${slug}.localhost:3000`,
      headers: {
        "x-finops-tenant": slug,
        host: `${slug}.localhost:3000`,
        "x-forwarded-host": `${slug}.localhost`,
        forwarded: `host=${slug}.localhost`,
      },
    }),
    "only cookies named after the company": (slug) => ({
      headers: { ...request, cookie: `${slug}_${name}=${token}; ${name}_${slug}=${token}; finops_tenant=${slug}` },
    }),
    "the cookies of another host, and those named after the company": (slug) => ({
      origin: `https://${slug}.localhost`,
      headers: {
        ...request,
        cookie: `${name}_${slug}=${token}; finops_tenant=${slug}; finops_session=${token}; ${company.cookie}`,
      },
    }),
    "a key with the company in a header": (slug) => ({
      withKey: true,
      origin: `http://${slug}.localhost:3000`,
      headers: { "x-finops-tenant": slug },
    }),
  };
}
