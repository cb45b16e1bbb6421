import { camelCase, pascalCase, type Scaffold, words } from "./scaffold.ts";

/** A capability's folder from contract to routes, with one verb that works and its test. */
export function capabilityScaffold(name: string): Scaffold {
  const folder = `packages/capabilities/src/${name}`;
  const type = pascalCase(name);
  const label = words(name);
  return {
    files: {
      [`${folder}/README.md`]: readme(label),
      [`${folder}/contract.ts`]: contract(type, label),
      [`${folder}/${name}.ts`]: rule(name, type),
      [`${folder}/${name}.test.ts`]: ruleTest(name, type),
      [`${folder}/service.ts`]: service(name, type),
      [`${folder}/routes.ts`]: routes(name, type, label),
      [`${folder}/index.ts`]: index(name, type),
    },
    edits: [],
    next: [
      `Say in ${folder}/README.md what the words mean.`,
      "Add a model to packages/platform/prisma/schema.prisma, a migration with its row-level policy, and store.ts.",
      `Add the permission that service.ts asks for to packages/platform/src/access/permissions.ts, if it is a new one.`,
      `Mount ${camelCase(name)}Routes in packages/api/src/app.ts.`,
    ],
  };
}

function readme(label: string): string {
  return `# ${label}

## The domain model

## The invariants

## What it owns, and what it does not
`;
}

function contract(type: string, label: string): string {
  return `import * as z from "zod";

/** ${label}, as a person gives it. The only file of this folder that the browser imports. */
export const ${type}Input = z.object({
  name: z.string().trim().min(1).max(120),
});
export type ${type}Input = z.infer<typeof ${type}Input>;

export const ${type}View = z.object({ name: z.string(), slug: z.string() });
export type ${type}View = z.infer<typeof ${type}View>;
`;
}

function rule(name: string, type: string): string {
  return `import type { ${type}Input, ${type}View } from "./contract.ts";

/** Pure: data in, decision out. */
export function compute${type}(input: ${type}Input): ${type}View {
  return { name: input.name, slug: input.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-") };
}
`;
}

function ruleTest(name: string, type: string): string {
  return `import { expect, it } from "vitest";
import { compute${type} } from "./${name}.ts";

it("makes a name fit for an address", () => {
  expect(compute${type}({ name: "Web Shop" })).toEqual({ name: "Web Shop", slug: "web-shop" });
});
`;
}

function service(name: string, type: string): string {
  return `import { requirePermission } from "@finops/platform/access/require-permission";
import { audit } from "@finops/platform/audit/audit";
import type { Context } from "@finops/platform/tenancy/context";
import { ${type}Input, type ${type}View } from "./contract.ts";
import { compute${type} } from "./${name}.ts";

/** The same order in every verb: permission, input, transaction, change, audit. */
export async function create${type}(ctx: Context, input: unknown): Promise<${type}View> {
  requirePermission(ctx, "settings:write");
  const created = compute${type}(${type}Input.parse(input));
  return ctx.inTenant(async (tx) => {
    await audit(tx, ctx, "${name}.created", { after: created });
    return created;
  });
}
`;
}

function routes(name: string, type: string, label: string): string {
  const variable = camelCase(name);
  return `import type { AppEnv } from "@finops/platform/http/app-env";
import { problemResponses } from "@finops/platform/http/problem";
import { createRoute, OpenAPIHono } from "@hono/zod-openapi";
import { ${type}Input, ${type}View } from "./contract.ts";
import { create${type} } from "./service.ts";

const createRequest = { body: { required: true, content: { "application/json": { schema: ${type}Input } } } };
const created = { description: "Created", content: { "application/json": { schema: ${type}View } } };

const create${type}Route = createRoute({
  method: "post",
  path: "/${name}",
  summary: "${label}: create",
  request: createRequest,
  responses: { 201: created, ...problemResponses },
});

export function ${variable}Routes() {
  return new OpenAPIHono<AppEnv>().openapi(create${type}Route, async (c) =>
    c.json(await create${type}(c.var.ctx, c.req.valid("json")), 201),
  );
}
`;
}

function index(name: string, type: string): string {
  return `// What the API mounts and other capabilities may use.
export { ${camelCase(name)}Routes } from "./routes.ts";
export { create${type} } from "./service.ts";
`;
}
