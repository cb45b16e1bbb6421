import { AppError } from "@finops/kernel/app-error";
import { requirePermission } from "@finops/platform/access/require-permission";
import type { AppEnv } from "@finops/platform/http/app-env";
import { problemResponses } from "@finops/platform/http/problem";
import { json } from "@finops/platform/http/route-parts";
import { createRoute, OpenAPIHono, type RouteConfig, z } from "@hono/zod-openapi";
import type { Context as HonoContext } from "hono";
import { ListParameters, Provisioning, ScimGroup, ScimInput, ScimList, ScimPart, ScimUser, urns } from "./contract.ts";
import { resourceTypes, schemas, serviceProviderConfig } from "./discovery.ts";
import { createGroup, deleteGroup, getGroup, listGroups, patchGroup, replaceGroup } from "./groups.ts";
import { project } from "./list-answer.ts";
import { getProvisioning, setProvisioning } from "./provisioning.ts";
import { createUser, deleteUser, getUser, listUsers, patchUser, replaceUser } from "./users.ts";

const mediaType = "application/scim+json";
const ById = z.object({ id: z.string() });
const Projection = ListParameters.pick({ attributes: true, excludedAttributes: true });

/** Errors are told as RFC 7644 says, in a body of their own. */
const ScimError = z
  .object({ schemas: z.array(z.string()), status: z.string(), scimType: z.string().optional(), detail: z.string() })
  .meta({ id: "ScimError" });
const errors = Object.fromEntries(
  Object.entries(problemResponses).map(([status, { description }]) => [
    status,
    { description, content: { [mediaType]: { schema: ScimError } } },
  ]),
);
const answer = <T>(schema: T, description: string) => ({ description, content: { [mediaType]: { schema } } });
const body = (example: Record<string, unknown>) => ({
  required: true,
  content: { [mediaType]: { schema: ScimInput, example }, "application/json": { schema: ScimInput, example } },
});
const patch = (path: string, value: unknown) =>
  body({ schemas: [urns.patch], Operations: [{ op: "replace", path, value }] });

type Method = "get" | "post" | "put" | "patch" | "delete";

const route = (
  method: Method,
  path: string,
  summary: string,
  request: NonNullable<RouteConfig["request"]>,
  responses: RouteConfig["responses"],
): RouteConfig => ({ method, path, summary, tags: ["SCIM"], request, responses: { ...responses, ...errors } });

const discovery = {
  config: route(
    "get",
    "/ServiceProviderConfig",
    "What this side of SCIM can",
    {},
    {
      200: answer(ScimInput, "The configuration"),
    },
  ),
  types: route("get", "/ResourceTypes", "What can be provisioned", {}, { 200: answer(ScimList, "Users and groups") }),
  schemas: route("get", "/Schemas", "Which attributes are kept", {}, { 200: answer(ScimList, "The schemas") }),
};

const userExample = { schemas: [urns.user], userName: "person@scim.example" };
const groupExample = { schemas: [urns.group], displayName: "Group of the provider" };
const list = { query: ListParameters };
const one = { params: ById, query: Projection };

const users = {
  list: route("get", "/Users", "The company's members", list, { 200: answer(ScimList, "A page of users") }),
  create: route(
    "post",
    "/Users",
    "Make a person a member",
    { body: body(userExample) },
    {
      201: answer(ScimUser, "The user"),
    },
  ),
  get: route("get", "/Users/{id}", "A member", one, { 200: answer(ScimPart, "The user") }),
  replace: route(
    "put",
    "/Users/{id}",
    "Replace what is kept of a member",
    { params: ById, body: body(userExample) },
    {
      200: answer(ScimUser, "The user as it is now"),
    },
  ),
  patch: route(
    "patch",
    "/Users/{id}",
    "Change a member; active false ends their sessions at once",
    {
      params: ById,
      body: patch("active", true),
    },
    { 200: answer(ScimUser, "The user as it is now") },
  ),
  remove: route(
    "delete",
    "/Users/{id}",
    "End a membership",
    { params: ById },
    {
      204: { description: "They do not belong to the company any more" },
    },
  ),
};

const groups = {
  list: route("get", "/Groups", "The groups that the identity provider keeps", list, {
    200: answer(ScimList, "A page of groups"),
  }),
  create: route(
    "post",
    "/Groups",
    "Make a group",
    { body: body(groupExample) },
    {
      201: answer(ScimGroup, "The group"),
    },
  ),
  get: route("get", "/Groups/{id}", "A group", one, { 200: answer(ScimPart, "The group") }),
  replace: route(
    "put",
    "/Groups/{id}",
    "Replace a group with its members",
    {
      params: ById,
      body: body(groupExample),
    },
    { 200: answer(ScimGroup, "The group as it is now") },
  ),
  patch: route(
    "patch",
    "/Groups/{id}",
    "Change a group or its members",
    {
      params: ById,
      body: patch("members", []),
    },
    { 200: answer(ScimGroup, "The group as it is now") },
  ),
  remove: route(
    "delete",
    "/Groups/{id}",
    "Delete a group; what it was given ends",
    { params: ById },
    {
      204: { description: "It is deleted" },
    },
  ),
};

/** SCIM 2.0 below /scim/v2, for an identity provider with a key that has the permission scim:write. */
export function scimRoutes(): OpenAPIHono<AppEnv> {
  const app = new OpenAPIHono<AppEnv>();
  const say = (content: unknown, status = 200) =>
    new Response(JSON.stringify(content), { status, headers: { "content-type": mediaType } });
  const made = (resource: { meta: { location: string } }) => {
    const response = say(resource, 201);
    response.headers.set("location", resource.meta.location);
    return response;
  };
  // Bodies and parameters are read as the protocol says, so they are declared here and checked by the services.
  const mount = (declared: RouteConfig, handle: (c: HonoContext<AppEnv>) => Response | Promise<Response>) => {
    app.openAPIRegistry.registerPath(declared);
    app.on(declared.method.toUpperCase(), declared.path.replaceAll(/\{(\w+)\}/g, ":$1"), handle);
  };
  const idOf = (c: HonoContext) => c.req.param("id") ?? "";
  const query = (c: HonoContext) => c.req.query();
  const whole = (resources: readonly unknown[]) => ({
    schemas: [urns.list],
    totalResults: resources.length,
    startIndex: 1,
    itemsPerPage: resources.length,
    Resources: resources,
  });

  mount(discovery.config, (c) => {
    requirePermission(c.var.ctx, "scim:write");
    return say(serviceProviderConfig(c.var.ctx.host.baseUrl));
  });
  mount(discovery.types, (c) => {
    requirePermission(c.var.ctx, "scim:write");
    return say(whole(resourceTypes(c.var.ctx.host.baseUrl)));
  });
  mount(discovery.schemas, (c) => {
    requirePermission(c.var.ctx, "scim:write");
    return say(whole(schemas(c.var.ctx.host.baseUrl)));
  });
  mount(users.list, async (c) => say(await listUsers(c.var.ctx, query(c))));
  mount(users.create, async (c) => made(await createUser(c.var.ctx, await readBody(c))));
  mount(users.get, async (c) => say(project(await getUser(c.var.ctx, idOf(c)), query(c))));
  mount(users.replace, async (c) => say(await replaceUser(c.var.ctx, idOf(c), await readBody(c))));
  mount(users.patch, async (c) => say(await patchUser(c.var.ctx, idOf(c), await readBody(c))));
  mount(users.remove, async (c) => {
    await deleteUser(c.var.ctx, idOf(c));
    return new Response(null, { status: 204 });
  });
  mount(groups.list, async (c) => say(await listGroups(c.var.ctx, query(c))));
  mount(groups.create, async (c) => made(await createGroup(c.var.ctx, await readBody(c))));
  mount(groups.get, async (c) => say(project(await getGroup(c.var.ctx, idOf(c)), query(c))));
  mount(groups.replace, async (c) => say(await replaceGroup(c.var.ctx, idOf(c), await readBody(c))));
  mount(groups.patch, async (c) => say(await patchGroup(c.var.ctx, idOf(c), await readBody(c))));
  mount(groups.remove, async (c) => {
    await deleteGroup(c.var.ctx, idOf(c));
    return new Response(null, { status: 204 });
  });
  return app;
}

async function readBody(c: HonoContext): Promise<Record<string, unknown>> {
  // The door has read what is JSON, and looked at how deep it is.
  const isJson = /^application\/(scim\+)?json\b/i.test(c.req.header("content-type") ?? "");
  const text = isJson ? await c.req.text() : "";
  const { data } = ScimInput.safeParse(text === "" ? null : JSON.parse(text));
  if (data === undefined)
    throw new AppError("invalid", "The body is a JSON object of attributes, sent as application/scim+json.");
  return data;
}

const getRoute = createRoute({
  method: "get",
  path: "/provisioning",
  summary: "What people get whom the identity provider makes known",
  responses: { 200: json(Provisioning, "The role"), ...problemResponses },
});
const setRoute = createRoute({
  method: "put",
  path: "/provisioning",
  summary: "Say what people get whom the identity provider makes known",
  request: {
    body: {
      required: true,
      content: { "application/json": { schema: Provisioning, example: { defaultRole: "viewer" } } },
    },
  },
  responses: { 200: json(Provisioning, "The role"), ...problemResponses },
});

export function provisioningRoutes(): OpenAPIHono<AppEnv> {
  return new OpenAPIHono<AppEnv>()
    .openapi(getRoute, async (c) => c.json(await getProvisioning(c.var.ctx), 200))
    .openapi(setRoute, async (c) => c.json(await setProvisioning(c.var.ctx, c.req.valid("json")), 200));
}
