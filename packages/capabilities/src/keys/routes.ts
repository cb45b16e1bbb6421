import type { AppEnv } from "@finops/platform/http/app-env";
import { problemResponses } from "@finops/platform/http/problem";
import { body, json } from "@finops/platform/http/route-parts";
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import {
  KeyInput,
  KeyList,
  NewKey,
  ServiceAccount,
  ServiceAccountChange,
  ServiceAccountInput,
  ServiceAccountList,
} from "./contract.ts";
import { WaitingChange } from "../approvals/index.ts";
import { createKey, listKeys, revokeKey, takeKey } from "./keys.ts";
import { changeServiceAccount, createServiceAccount, listServiceAccounts } from "./service-accounts.ts";

const ById = z.object({ id: z.string() });
const accountTags = ["Keys"];
const waiting = json(WaitingChange, "It waits for somebody's approval");

const list = createRoute({
  method: "get",
  path: "/keys",
  summary: "The company's API keys, also those that work no more",
  responses: { 200: json(KeyList, "The newest first"), ...problemResponses },
});

const create = createRoute({
  method: "post",
  path: "/keys",
  summary: "Make an API key",
  description:
    "The key stands in this answer alone. It can do what its maker can at most, of the costs that they see; a key of a service account has the account's role as well.",
  request: { body: body(KeyInput) },
  responses: { 201: json(NewKey, "The key"), 202: waiting, ...problemResponses },
});

const take = createRoute({
  method: "post",
  path: "/keys/{id}/take",
  summary: "Take a key that was approved: it is shown once, to who asked for it",
  request: { params: ById },
  responses: { 200: json(NewKey, "The key"), ...problemResponses },
});

const revoke = createRoute({
  method: "delete",
  path: "/keys/{id}",
  summary: "Revoke an API key, and every token that was given for it",
  request: { params: ById },
  responses: { 204: { description: "It works no more" }, ...problemResponses },
});

const listAccounts = createRoute({
  method: "get",
  path: "/service-accounts",
  tags: accountTags,
  summary: "The company's service accounts",
  responses: { 200: json(ServiceAccountList, "By name"), ...problemResponses },
});

const createAccount = createRoute({
  method: "post",
  path: "/service-accounts",
  tags: accountTags,
  summary: "Make a service account: something that is no person and has keys",
  request: { body: body(ServiceAccountInput) },
  responses: { 201: json(ServiceAccount, "The account"), ...problemResponses },
});

const changeAccount = createRoute({
  method: "patch",
  path: "/service-accounts/{id}",
  tags: accountTags,
  summary: "Change a service account, or disable it with all of its keys",
  request: { params: ById, body: body(ServiceAccountChange) },
  responses: { 200: json(ServiceAccount, "The account as it is now"), 202: waiting, ...problemResponses },
});

/** API keys, and the service accounts that own some of them. */
export function keyRoutes(): OpenAPIHono<AppEnv> {
  return new OpenAPIHono<AppEnv>()
    .openapi(list, async (c) => c.json(await listKeys(c.var.ctx), 200))
    .openapi(create, async (c) => {
      const made = await createKey(c.var.ctx, c.req.valid("json"));
      return made.isApplied ? c.json(made.result, 201) : c.json({ request: made.request }, 202);
    })
    .openapi(take, async (c) => c.json(await takeKey(c.var.ctx, c.req.valid("param").id), 200))
    .openapi(revoke, async (c) => {
      await revokeKey(c.var.ctx, c.req.valid("param").id);
      return c.body(null, 204);
    })
    .openapi(listAccounts, async (c) => c.json(await listServiceAccounts(c.var.ctx), 200))
    .openapi(createAccount, async (c) => c.json(await createServiceAccount(c.var.ctx, c.req.valid("json")), 201))
    .openapi(changeAccount, async (c) => {
      const made = await changeServiceAccount(c.var.ctx, c.req.valid("param").id, c.req.valid("json"));
      return made.isApplied ? c.json(made.result, 200) : c.json({ request: made.request }, 202);
    });
}
