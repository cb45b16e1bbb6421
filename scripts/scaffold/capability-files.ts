import type { Names } from "./capability.ts";

/** The files of a capability's own folder, in the order in which one reads them. */
export function capabilityFiles(folder: string, names: Names): Record<string, string> {
  return {
    [`${folder}/README.md`]: readme(names),
    [`${folder}/contract.ts`]: contract(names),
    [`${folder}/${names.name}.ts`]: rule(),
    [`${folder}/${names.name}.test.ts`]: ruleTest(names),
    [`${folder}/store.ts`]: store(names),
    [`${folder}/service.ts`]: service(names),
    [`${folder}/service.test.ts`]: serviceTest(names),
    [`${folder}/routes.ts`]: routes(names),
    [`${folder}/jobs.ts`]: jobs(names),
    [`${folder}/index.ts`]: index(names),
  };
}

function readme({ label }: Names): string {
  return `# ${label}

## The domain model

## The invariants

- No two have the same name, however it is spaced and capitalised.

## What it owns, and what it does not
`;
}

function contract({ type, label }: Names): string {
  return `import * as z from "zod";

/** ${label}, as a person gives it. The only file of this folder that the browser imports. */
export const ${type}Input = z.strictObject({
  name: z.string().trim().min(1, "Give it a name.").max(120),
});
export type ${type}Input = z.input<typeof ${type}Input>;

export const ${type}View = z.object({ id: z.string(), name: z.string(), createdAt: z.string() });
export type ${type}View = z.infer<typeof ${type}View>;

export const ${type}List = z.object({ items: z.array(${type}View) });
export type ${type}List = z.infer<typeof ${type}List>;
`;
}

function rule(): string {
  return `/** Whether a name is taken: people do not tell "Web  shop" from "web shop". */
export function isTaken(name: string, taken: readonly string[]): boolean {
  return taken.some((one) => keyOf(one) === keyOf(name));
}

function keyOf(name: string): string {
  return name.trim().toLowerCase().replaceAll(/\\s+/g, " ");
}
`;
}

function ruleTest({ name }: Names): string {
  return `import fc from "fast-check";
import { expect, it } from "vitest";
import { isTaken } from "./${name}.ts";

it.each([
  ["Web shop", true],
  [" web  SHOP ", true],
  ["Webshop", false],
])("%j beside Web shop: taken is %j", (name, taken) => {
  expect(isTaken(name, ["Mail", "Web shop"])).toBe(taken);
});

it("takes every name that is there already, in any order", () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1 }), (names) => {
      expect(names.every((name) => isTaken(name, names.toReversed()))).toBe(true);
    }),
  );
});
`;
}

function store({ type, variable }: Names): string {
  return `import { isId, newId } from "@finops/kernel/id";
import type { Tx } from "@finops/platform/db/database";
import type { ${type} as ${type}Row } from "@finops/platform/db/generated/client";

export type { ${type}Row };

export function listRows(tx: Tx, take: number): Promise<${type}Row[]> {
  return tx.${variable}.findMany({ where: { deletedAt: null }, orderBy: [{ name: "asc" }, { id: "asc" }], take });
}

export async function findRow(tx: Tx, id: string): Promise<${type}Row | null> {
  return isId(id) ? tx.${variable}.findFirst({ where: { id, deletedAt: null } }) : null;
}

export function insertRow(tx: Tx, name: string, now: Date): Promise<${type}Row> {
  return tx.${variable}.create({ data: { id: newId(now.getTime()), name, createdAt: now } });
}

/** Takes a row out of sight. False where somebody else did. */
export async function deleteRow(tx: Tx, id: string, now: Date): Promise<boolean> {
  const { count } = await tx.${variable}.updateMany({ where: { id, deletedAt: null }, data: { deletedAt: now } });
  return count === 1;
}

/** Removes for good what was deleted before an instant. */
export async function forgetRows(tx: Tx, before: Date): Promise<number> {
  const { count } = await tx.${variable}.deleteMany({ where: { deletedAt: { lt: before } } });
  return count;
}
`;
}

function service({ name, type, label }: Names): string {
  return `import { AppError } from "@finops/kernel/app-error";
import { requirePermission } from "@finops/platform/access/require-permission";
import { audit } from "@finops/platform/audit/audit";
import type { Context } from "@finops/platform/tenancy/context";
import { ${type}Input, type ${type}View } from "./contract.ts";
import { isTaken } from "./${name}.ts";
import { deleteRow, findRow, insertRow, listRows, type ${type}Row } from "./store.ts";

const rowsMax = 1000;

/** ${label} of the company, by name. */
export async function list${type}(ctx: Context): Promise<${type}View[]> {
  requirePermission(ctx, "costs:read");
  return ctx.inTenant(async (tx) => (await listRows(tx, rowsMax)).map(toView));
}

/** The same order in every verb: permission, input, transaction, change, audit. */
export async function create${type}(ctx: Context, input: unknown): Promise<${type}View> {
  requirePermission(ctx, "settings:write");
  const draft = ${type}Input.parse(input);
  return ctx.inTenant(async (tx) => {
    const there = await listRows(tx, rowsMax);
    if (there.length >= rowsMax) throw new AppError("limit", \`A company keeps at most \${rowsMax}. Delete some first.\`);
    const names = there.map((row) => row.name);
    if (isTaken(draft.name, names)) throw new AppError("conflict", \`"\${draft.name}" is there already.\`);
    const created = toView(await insertRow(tx, draft.name, ctx.host.clock.now()));
    await audit(tx, ctx, "${name}.created", { after: created });
    return created;
  });
}

/** Throws \`not_found\` where it is gone already. */
export async function delete${type}(ctx: Context, id: string): Promise<${type}View> {
  requirePermission(ctx, "settings:write");
  return ctx.inTenant(async (tx) => {
    const row = await findRow(tx, id);
    if (row === null || !(await deleteRow(tx, id, ctx.host.clock.now())))
      throw new AppError("not_found", "There is no such thing. Somebody may have deleted it.");
    await audit(tx, ctx, "${name}.deleted", { before: { id, name: row.name } });
    return toView(row);
  });
}

function toView({ id, name, createdAt }: ${type}Row): ${type}View {
  return { id, name, createdAt: createdAt.toISOString() };
}
`;
}

function serviceTest({ name, type, variable }: Names): string {
  return `import { fixedClock } from "@finops/kernel/clock";
import { createTestPipeline, type TestPipeline } from "@finops/pipeline/testing/test-pipeline";
import { type Context, createContext } from "@finops/platform/tenancy/context";
import { afterAll, beforeAll, expect, it } from "vitest";
import { forgetDeleted${type} } from "./jobs.ts";
import { create${type}, delete${type}, list${type} } from "./service.ts";

let test: TestPipeline;
let ctx: Context;

beforeAll(async () => {
  test = await createTestPipeline();
  ctx = await test.company();
}, 60_000);
afterAll(() => test.close());

it("is made once, seen by who sees costs, written by who may, and told to the audit", async () => {
  const { id } = await create${type}(ctx, { name: " Web shop " });
  await expect(create${type}(ctx, { name: "web shop" })).rejects.toMatchObject({ code: "conflict" });
  const { tenantId, actor } = ctx;
  const viewer = createContext(ctx.host, { tenantId, actor, via: "page", permissions: ["costs:read"] });
  expect((await list${type}(viewer)).map((one) => one.name)).toEqual(["Web shop"]);
  await expect(create${type}(viewer, { name: "Mail" })).rejects.toMatchObject({ code: "forbidden" });
  await expect(delete${type}(viewer, id)).rejects.toMatchObject({ code: "forbidden" });
  expect(await list${type}(await test.company())).toEqual([]);
  await delete${type}(ctx, id);
  await expect(delete${type}(ctx, id)).rejects.toMatchObject({ code: "not_found" });
  const told = await ctx.inTenant((tx) => tx.auditEntry.findMany({ where: { action: { startsWith: "${name}." } } }));
  expect(told.map(({ action }) => action).toSorted()).toEqual(["${name}.created", "${name}.deleted"]);
});

it("is forgotten a month after it was deleted", async () => {
  const { id } = await create${type}(ctx, { name: "Gone" });
  await create${type}(ctx, { name: "Kept" });
  await delete${type}(ctx, id);
  const rows = () => ctx.inTenant((tx) => tx.${variable}.count({ where: { name: { in: ["Gone", "Kept"] } } }));
  await forgetDeleted${type}(ctx.host);
  expect(await rows()).toBe(2);
  const later = new Date(ctx.host.clock.now().getTime() + 31 * 86_400_000).toISOString();
  await forgetDeleted${type}({ ...ctx.host, clock: fixedClock(later) });
  expect(await rows()).toBe(1);
});
`;
}

function routes({ name, type, variable, label }: Names): string {
  return `import type { AppEnv } from "@finops/platform/http/app-env";
import { problemResponses } from "@finops/platform/http/problem";
import { body, json } from "@finops/platform/http/route-parts";
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { ${type}Input, ${type}List, ${type}View } from "./contract.ts";
import { create${type}, delete${type}, list${type} } from "./service.ts";

const routes = {
  list: createRoute({
    method: "get",
    path: "/${name}",
    summary: "${label}",
    responses: { 200: json(${type}List, "All of the company, by name"), ...problemResponses },
  }),
  create: createRoute({
    method: "post",
    path: "/${name}",
    summary: "${label}: make one",
    request: { body: body(${type}Input) },
    responses: { 201: json(${type}View, "As it is kept"), ...problemResponses },
  }),
  remove: createRoute({
    method: "delete",
    path: "/${name}/{id}",
    summary: "${label}: delete one",
    request: { params: z.object({ id: z.string() }) },
    responses: { 200: json(${type}View, "As it was"), ...problemResponses },
  }),
};

export function ${variable}Routes(): OpenAPIHono<AppEnv> {
  return new OpenAPIHono<AppEnv>()
    .openapi(routes.list, async (c) => c.json({ items: await list${type}(c.var.ctx) }, 200))
    .openapi(routes.create, async (c) => c.json(await create${type}(c.var.ctx, c.req.valid("json")), 201))
    .openapi(routes.remove, async (c) => c.json(await delete${type}(c.var.ctx, c.req.valid("param").id), 200));
}
`;
}

function jobs({ type }: Names): string {
  return `import type { Host } from "@finops/platform/host";
import { listTenants } from "@finops/platform/tenancy/tenants";
import { forgetRows } from "./store.ts";

const keptMs = 30 * 86_400_000;

/** Removes for good what was deleted a month ago. The server asks for it once a day. */
export async function forgetDeleted${type}(host: Host): Promise<void> {
  const before = new Date(host.clock.now().getTime() - keptMs);
  for (const { id, state } of await listTenants(host.db))
    if (state === "active") await host.db.inTenant(id, (tx) => forgetRows(tx, before));
}
`;
}

function index({ type, variable }: Names): string {
  return `export { forgetDeleted${type} } from "./jobs.ts";
export { ${variable}Routes } from "./routes.ts";
`;
}
