import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateBills } from "@finops/bills/generate-bills";
import { budgetsPool, evaluateBudgetsJob } from "@finops/capabilities/budgets/index";
import { companyExportPool } from "@finops/capabilities/companies/index";
import { companyExportJob } from "@finops/capabilities/companies/on-node";
import { pdfText } from "@finops/capabilities/schedules/testing/pdf-text";
import { importJob, reprocessJob } from "@finops/capabilities/sources/on-node";
import { systemClock } from "@finops/kernel/clock";
import { newId } from "@finops/kernel/id";
import { createApiKey } from "@finops/platform/identity/api-keys";
import { createEngineParts } from "../../engine-parts.ts";
import { createSession } from "@finops/platform/identity/sessions";
import { useSignInLink as spendSignInLink } from "@finops/platform/identity/sign-in-links";
import { ensureUser, setMember } from "@finops/platform/identity/users";
import { startWorker } from "@finops/platform/jobs/worker";
import type { Outbox } from "@finops/platform/mail/outbox";
import { silentLog } from "@finops/platform/observe/log";
import { allPermissions } from "@finops/platform/access/permissions";
import { createContext, type Context } from "@finops/platform/tenancy/context";
import { createTenant } from "@finops/platform/tenancy/tenants";
import { createTestPipeline, type TestPipeline } from "@finops/pipeline/testing/test-pipeline";
import { createApi } from "../../app.ts";

/** A request as a test writes it: what is left out is what the company's own person would send. */
export interface Sent {
  body?: unknown;
  /** Bytes of a file instead of JSON. */
  file?: string;
  headers?: Record<string, string>;
  /** Sends the key of the company instead of the cookie of its person. */
  withKey?: boolean;
  origin?: string;
}

export interface Answer {
  status: number;
  headers: Headers;
  bytes: Uint8Array;
  text: string;
}

/** A company, its owner, and how they ask. */
export interface Company {
  slug: string;
  /** A word that stands in everything that the company has: accounts, names, files, costs. */
  word: string;
  tenantId: string;
  userId: string;
  cookie: string;
  key: string;
  ctx: Context;
  /** The bill as it was imported, for the truth of its sums. */
  bill: string;
  send(method: string, path: string, sent?: Sent): Promise<Answer>;
  /** Asks and reads JSON. @throws when the answer is no success */
  ask<T>(method: string, path: string, sent?: Sent): Promise<T>;
}

export interface TwoCompanies {
  test: TestPipeline;
  api: ReturnType<typeof createApi>;
  ours: Company;
  theirs: Company;
  close(): Promise<void>;
}

/**
 * Two companies of the same shape in one installation, filled over the API and by the real pipeline. Their bills have other
 * amounts and accounts, so that whatever crosses over shows as a number or a name.
 * @param states how many states of their month were published; two are what a roll-back needs, and take longer
 */
export async function createTwoCompanies(states: 1 | 2 = 2): Promise<TwoCompanies> {
  const test = await createTestPipeline();
  const api = createApi({
    host: test.host,
    store: test.store,
    engine: createEngineParts(test),
    isReady: () => Promise.resolve(true),
    // One person asks for more in these seconds than a company does.
    limits: null,
    local: {
      localKey: "key-of-this-machine",
      createLink: () => Promise.resolve("http://localhost/sign-in/none"),
      removeCompany: () => Promise.resolve(),
      rotateSecrets: () => Promise.resolve({ rewrapped: 0, source: "file" }),
      renewDataKeys: () => Promise.resolve(0),
    },
  });
  const worker = await startWorker({
    db: test.database.db,
    log: silentLog,
    name: "isolation",
    pool: "imports",
    handlers: { import: importJob(test.host, test.pipeline), reprocess: reprocessJob(test.host, test.pipeline) },
    pollMs: 100,
  });
  const budgets = await startWorker({
    db: test.database.db,
    log: silentLog,
    name: "isolation",
    pool: budgetsPool,
    handlers: { "evaluate-budgets": evaluateBudgetsJob(test.host, test.store) },
    pollMs: 100,
  });
  // What a company takes along is written for as long as the companies stand: it changes nothing.
  const exporter = await startWorker({
    db: test.database.db,
    log: silentLog,
    name: "isolation",
    pool: companyExportPool,
    handlers: { "company-export": companyExportJob(test.host, { store: test.store, pipeline: test.pipeline }) },
    pollMs: 100,
  });
  const close = async () => {
    await exporter.stop();
    await test.close();
  };
  try {
    const ours = await makeCompany(test, api, { word: "alphaworks", seed: 1 });
    const theirs = await makeCompany(test, api, { word: "betaworks", seed: 2 });
    for (const company of [ours, theirs]) await fill(company, states);
    return { test, api, ours, theirs, close };
  } finally {
    // What is queued later stays queued, so that both companies stand still.
    await Promise.all([worker.stop(), budgets.stop()]);
  }
}

async function makeCompany(
  test: TestPipeline,
  api: TwoCompanies["api"],
  { word, seed }: { word: string; seed: number },
): Promise<Company> {
  const { db } = test.database;
  const slug = `${word}-gmbh`;
  const { id: tenantId } = await createTenant(db, { slug, name: `Company ${word}` });
  const userId = await ensureUser(db, { email: `owner@${word}.example`, name: `Owner of ${word}` });
  await setMember(db, tenantId, userId, "owner");
  const { token } = await createSession(db, test.host.clock, { tenantId, userId, method: "link" });
  const cookie = `__Host-finops_session=${token}`;
  const ctx = createContext(test.host, {
    tenantId,
    actor: { kind: "person", id: userId, name: `Owner of ${word}` },
    via: "page",
    permissions: allPermissions,
  });
  const { key } = await createApiKey(ctx, { name: `Key of ${word}`, permissions: [...allPermissions] });

  const send: Company["send"] = async (method, path, sent = {}) => {
    const { body, file, headers = {}, withKey = false, origin = "http://localhost:3000" } = sent;
    const type = file !== undefined ? "application/octet-stream" : body === undefined ? null : "application/json";
    const content = file ?? (body === undefined ? null : JSON.stringify(body));
    const answer = await api.request(`${origin}${path}`, {
      method,
      headers: {
        ...(withKey ? { authorization: `Bearer ${key}` } : { cookie, "x-finops-request": "1" }),
        ...(type === null ? {} : { "content-type": type }),
        ...headers,
      },
      ...(content === null ? {} : { body: content }),
    });
    const bytes = new Uint8Array(await answer.arrayBuffer());
    const isPaper = answer.headers.get("content-type") === "application/pdf";
    const text = isPaper ? (await pdfText(bytes)).text : Buffer.from(bytes).toString();
    return { status: answer.status, headers: answer.headers, bytes, text };
  };
  const ask: Company["ask"] = async <T>(method: string, path: string, sent: Sent = {}) => {
    const { status, text } = await send(method, path, sent);
    if (status >= 300) throw new Error(`${method} ${path} of ${word} is answered by ${status} ${text}`);
    return (text === "" ? null : JSON.parse(text)) as T;
  };
  return { slug, word, tenantId, userId, cookie, key, ctx, bill: await makeBill(word, seed), send, ask };
}

/** What people of a company leave behind: states of a month, and things that they keep, each with the company's word. */
async function fill(company: Company, states: number): Promise<void> {
  const { word, ask, bill } = company;
  const [header, ...rows] = bill.trimEnd().split("\n");
  if (states > 1) await importBill(company, `${word}-first.csv`, [header, ...rows.slice(0, -5)].join("\n"));
  await importBill(company, `${word}-second.csv`, bill);
  for (const sharing of ["company", "private"])
    await ask("POST", "/api/v1/views", {
      body: { name: `View of ${word} ${sharing}`, visibility: sharing, view: {} },
      headers: { "idempotency-key": `view-of-${word}-${sharing}` },
    });
  const sharing = { with: "company" };
  const text = `Written for ${word}.`;
  await ask("POST", "/api/v1/dashboards", {
    body: { name: `Dashboard of ${word}`, description: text, sharing, template: "finance" },
  });
  const items = [
    { id: "words", kind: "text", text },
    { id: "all", kind: "figure", title: word, view: {} },
  ];
  const report = await ask<{ id: string }>("POST", "/api/v1/reports", {
    body: { name: `Report of ${word}`, description: text, sharing, items },
  });
  await ask("POST", `/api/v1/reports/${report.id}/runs`);
  const schedule = await ask<{ id: string }>("POST", "/api/v1/schedules", {
    body: {
      name: `Schedule of ${word}`,
      sends: { kind: "report", id: report.id },
      timing: { cadence: { kind: "daily" }, at: "08:00", timeZone: "UTC" },
    },
  });
  await addRun(company, schedule.id);
  const budget = await ask<{ id: string }>("POST", "/api/v1/budgets", {
    body: {
      name: `Budget of ${word}`,
      notes: text,
      reason: `Planned for ${word}.`,
      currency: "USD",
      periods: { grain: "month", start: "2026-10-01" },
      amount: { kind: "fixed", amount: "1000.00" },
    },
  });
  const metric = await ask<{ id: string }>("POST", "/api/v1/unit-metrics", {
    body: { name: `Metric of ${word}`, about: text, unitOne: "order", unitMany: "orders", aggregation: "total" },
  });
  await ask("PUT", `/api/v1/unit-metrics/${metric.id}/values`, {
    body: { version: 1, values: [{ month: "2026-10", quantity: "12000", kind: "actual" }] },
  });
  await ask("POST", `/api/v1/budgets/${budget.id}/comments`, { body: { text, mentionIds: [company.userId] } });
  await ask("POST", "/api/v1/budgets/templates", {
    body: { name: `Template of ${word}`, about: text, budgetId: budget.id },
  });
  while ((await ask<{ standing: unknown }>("GET", `/api/v1/budgets/${budget.id}`)).standing === null)
    await new Promise((resolve) => setTimeout(resolve, 50));
  await fillAlerts(company, budget.id);
  await ask("POST", "/api/v1/invitations", { body: { email: `guest@${word}.example`, role: "viewer" } });
  await ask("POST", "/api/v1/company/domains", { body: { domain: `costs.${word}.example` } });
  const taken = await ask<{ id: string }>("POST", "/api/v1/company/exports");
  while ((await ask<{ state: string }>("GET", `/api/v1/company/exports/${taken.id}`)).state !== "done")
    await new Promise((resolve) => setTimeout(resolve, 50));
  await fillPeople(company);
  const open = await ask<{ id: string }>("POST", "/api/v1/imports");
  await ask("PUT", `/api/v1/imports/${open.id}/file?name=${word}-open.csv`, { file: bill });
}

/** A rule, a channel, a chain and who is on call, with an alert of the rule and a delivery by the channel. */
async function fillAlerts(company: Company, budgetId: string): Promise<void> {
  const { word, ask, userId } = company;
  const schedule = await ask<{ id: string }>("POST", "/api/v1/on-call", {
    body: {
      name: `On call for ${word}`,
      timeZone: "Europe/Berlin",
      people: [{ personId: userId }],
      handOver: { every: "week", at: "09:00" },
      start: "2026-11-02",
    },
  });
  const steps = [{ afterMinutes: 5, to: { kind: "on-call", scheduleId: schedule.id } }];
  await ask("POST", "/api/v1/alerts/escalations", { body: { name: `Chain of ${word}`, steps } });
  const channel = await ask<{ id: string }>("POST", "/api/v1/alerts/channels", {
    body: {
      name: `Channel of ${word}`,
      target: { kind: "webhook", url: `https://${word}.example/hook`, secret: `secret-of-${word}-2026` },
    },
  });
  const conditions = [{ kind: "budget", budgetId, figure: "actual", above: "0" }];
  const rule = await ask<{ id: string }>("POST", "/api/v1/alerts/rules", {
    body: { name: `Rule of ${word}`, conditions, channelIds: [channel.id] },
  });
  await addAlert(company, rule.id);
  await addDelivery(company, channel.id);
}

/** An alert that can be looked after, as a look makes it whose day the test does not choose. */
export async function addAlert({ ctx, word }: Company, ruleId: string): Promise<string> {
  const [id, now] = [newId(), ctx.host.clock.now()];
  const message = `Costs of ${word} rose.`;
  const life = {
    state: "firing",
    overDays: 1,
    lastOverDay: null,
    times: 1,
    firedAt: now.toISOString(),
    resolvedAt: null,
    snoozedUntil: null,
    isClosedByHand: false,
  };
  const told = { severity: "info", title: `Costs of ${word}`, message, filters: [null], life, state: "firing" };
  await ctx.inTenant(async (tx) => {
    await tx.alert.create({ data: { id, ruleId, subject: id, ...told, firedAt: now, changedAt: now } });
    await tx.alertEvent.create({ data: { alertId: id, what: "fired", message, at: now } });
  });
  return id;
}

/** A run of a schedule that told of a table which a mail had no room for. */
async function addRun({ ctx, word, ask }: Company, scheduleId: string): Promise<void> {
  const { periods } = await ask<{ periods: { position: string }[] }>("GET", "/api/v1/datasets");
  const query = {
    measures: ["billedCost"],
    groupBy: ["subAccountId"],
    period: { start: "2026-10-01", end: "2026-11-01" },
  };
  const files = [{ name: `Table of ${word}`, query, position: periods.at(-1)!.position }];
  const now = ctx.host.clock.now();
  const run = { scheduleId, files, state: "sent", takenUntil: now, begunAt: now, endedAt: now };
  await ctx.inTenant((tx) => tx.scheduleRun.create({ data: run }));
}

/** A delivery that was given up, and so can be sent again. */
export async function addDelivery({ ctx, word }: Company, channelId: string): Promise<string> {
  const [id, now] = [newId(), ctx.host.clock.now()];
  const given = { channelId, title: `Alert of ${word}`, message: {}, nextAt: now, createdAt: now };
  await ctx.inTenant((tx) => tx.alertDelivery.create({ data: { ...given, id, state: "dead" } }));
  return id;
}

/** A change that somebody asked for and that the owner may approve, as a policy would have it. */
export async function askForChange(
  { ctx, word }: Company,
  { askerId, state }: { askerId: string; state: "requested" | "approved" },
): Promise<string> {
  const id = newId();
  await ctx.inTenant((tx) =>
    tx.changeRequest.create({
      data: {
        id,
        kind: "role.create",
        payload: { key: `role-for-${word}`, name: `Role for ${word}`, permissions: [] },
        summary: `Make a role for ${word}.`,
        reason: `Wanted by ${word}`,
        state,
        permission: "members:read",
        peopleNeeded: 1,
        requestedById: askerId,
        requestedByName: `Reader of ${word}`,
        requestedAt: ctx.host.clock.now(),
        expiresAt: inThirtyDays(),
      },
    }),
  );
  return id;
}

export function inThirtyDays(): string {
  return new Date(systemClock.now().getTime() + 30 * 86_400_000).toISOString();
}

async function fillPeople(company: Company): Promise<void> {
  const { word, ask } = company;
  const permissions = ["costs:read"];
  await ask("POST", "/api/v1/roles", { body: { key: `role-${word}`, name: `Role of ${word}`, permissions } });
  const person = { id: await addReader(company) };
  const group = await ask<{ id: string }>("POST", "/api/v1/groups", { body: { name: `Group of ${word}` } });
  await ask("PUT", `/api/v1/groups/${group.id}/members/${person.id}`);
  const unit = await ask<{ id: string }>("POST", "/api/v1/units", { body: { name: `Unit of ${word}`, kind: "team" } });
  await ask("PUT", `/api/v1/units/${unit.id}/accounts`, { body: { accounts: [`account-of-${word}`] } });
  await ask("POST", "/api/v1/grants", {
    body: { subject: { kind: "group", id: group.id }, role: `role-${word}`, unitId: unit.id, reason: `For ${word}` },
  });
  await ask("POST", "/api/v1/access-rules", {
    body: { name: `Rule of ${word}`, attribute: "groups", value: `buyers-of-${word}`, gives: { groupId: group.id } },
  });
  await ask("POST", "/api/v1/delegations", {
    body: { person: person.id, role: "viewer", validUntil: inThirtyDays(), reason: `Holiday at ${word}` },
  });
  await ask("POST", "/scim/v2/Groups", {
    body: {
      displayName: `Provider's group of ${word}`,
      externalId: `group-of-${word}`,
      members: [{ value: person.id }],
    },
  });
  await ask("PATCH", `/scim/v2/Users/${person.id}`, {
    body: { Operations: [{ op: "replace", path: "externalId", value: `reader-of-${word}` }] },
  });
  await askForChange(company, { askerId: person.id, state: "requested" });
}

/** Invites somebody, who accepts. @returns their id */
async function addReader({ word, ask, ctx }: Company): Promise<string> {
  const email = `reader@${word}.example`;
  await ensureUser(ctx.host.db, { email, name: `Reader of ${word}` });
  await ask("POST", "/api/v1/invitations", { body: { email, role: "viewer" } });
  const mail = (ctx.host.mail as Outbox).list().find(({ to }) => to === email);
  const token = /\/sign-in\/(\S+)/.exec(mail?.text ?? "")?.[1] ?? "";
  const used = await spendSignInLink(ctx.host.db, ctx.host.clock, token);
  if (used === null) throw new Error(`The invitation of ${email} is not accepted.`);
  return used.userId;
}

/** Imports a bill and waits for its end. Its last row cannot be read, so there is a rejected one as well. */
async function importBill({ ask, word }: Company, name: string, bill: string): Promise<void> {
  const { id } = await ask<{ id: string }>("POST", "/api/v1/imports");
  const broken = bill
    .trimEnd()
    .split("\n")
    .at(-1)!
    .replace(/^,[\d.]+/, `,cost of ${word}`);
  await ask("PUT", `/api/v1/imports/${id}/file?name=${name}`, { file: `${bill.trimEnd()}\n${broken}\n` });
  await ask("POST", `/api/v1/imports/${id}/start`, { body: {} });
  for (;;) {
    const { state, error } = await ask<{ state: string; error: unknown }>("GET", `/api/v1/imports/${id}`);
    if (state === "done") return;
    if (state !== "queued" && state !== "running")
      throw new Error(`The bill of ${word} is ${state}: ${JSON.stringify(error)}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** A small generated FOCUS bill, with the company's own word in its accounts, resources and tags. */
async function makeBill(word: string, seed: number): Promise<string> {
  const outDir = await mkdtemp(join(tmpdir(), "finops-isolation-"));
  try {
    await generateBills({ rows: 150, seed, outDir, endMonth: "2026-10", months: 1, formats: ["focus-1.2"] });
    const names = (await readdir(outDir, { recursive: true })).filter((name) => name.endsWith("sightline/2026-10.csv"));
    const text = await readFile(join(outDir, names[0]!), "utf8");
    return text
      .replaceAll(/harborline/gi, word)
      .replaceAll("site/", `${word}/`)
      .replaceAll(/""team"":""/g, `""team"":""${word}-`)
      .replaceAll(/org-\d+/g, (account) => `${account}-${word}`);
  } finally {
    await rm(outDir, { recursive: true, force: true });
  }
}
