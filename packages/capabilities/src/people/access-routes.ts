import { requestOrApply } from "@finops/platform/approvals/request-or-apply";
import type { AppEnv } from "@finops/platform/http/app-env";
import { problemResponses } from "@finops/platform/http/problem";
import { body, gone, json } from "@finops/platform/http/route-parts";
import type { CostReader } from "@finops/warehouse/query/cost-reader";
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { WaitingChange } from "../approvals/index.ts";
import { findWhatCan, findWhoCan } from "./access-audit.ts";
import { deleteAccessRule, listAccessRules } from "./access-rules.ts";
import { delegationChange, ruleChange } from "./changes.ts";
import {
  AccessPreview,
  AccessRule,
  AccessRuleInput,
  DelegationInput,
  Grant,
  PermissionKey,
  PreviewInput,
  UnusedParameters,
  UnusedPermissions,
  WhatCan,
  WhoCan,
} from "./contract.ts";
import { endDelegation, listDelegations } from "./delegations.ts";
import { previewAccess } from "./preview-access.ts";
import { findUnusedPermissions } from "./unused-permissions.ts";

const waiting = json(WaitingChange, "It waits for somebody's approval");
const ById = z.object({ id: z.string() });

const asked = {
  whoCan: createRoute({
    method: "get",
    path: "/access/who-can",
    summary: "Who may do something, through what, and for which costs",
    request: { query: z.object({ permission: PermissionKey }) },
    responses: { 200: json(WhoCan, "People, then keys"), ...problemResponses },
  }),
  whatCan: createRoute({
    method: "get",
    path: "/access/what-can",
    summary: "What a person may do, through what, and for which costs",
    request: { query: z.object({ person: z.string().max(60).describe("The person's id") }) },
    responses: { 200: json(WhatCan, "Each permission with its reasons"), ...problemResponses },
  }),
  unused: createRoute({
    method: "get",
    path: "/access/unused",
    summary: "What people and keys may do and did not do for some time",
    request: { query: UnusedParameters },
    responses: { 200: json(UnusedPermissions, "People, then keys, with what they did not use"), ...problemResponses },
  }),
  preview: createRoute({
    method: "post",
    path: "/access/preview",
    summary: "What a person may do and sees now, and with another role, grant or unit; nothing is kept",
    request: { body: body(PreviewInput) },
    responses: { 200: json(AccessPreview, "Before and after"), ...problemResponses },
  }),
};

const rules = {
  list: createRoute({
    method: "get",
    path: "/access-rules",
    summary: "Rules that give roles and groups by what an identity provider says of a person",
    responses: { 200: json(z.object({ rules: z.array(AccessRule) }), "By name"), ...problemResponses },
  }),
  create: createRoute({
    method: "post",
    path: "/access-rules",
    summary: "Give a role or a group to everybody of whom an attribute has a value",
    request: {
      body: body(AccessRuleInput, {
        name: "Buyers see costs",
        attribute: "groups",
        value: "buyers",
        gives: { role: "viewer" },
      }),
    },
    responses: { 201: json(AccessRule, "The rule"), 202: waiting, ...problemResponses },
  }),
  remove: createRoute({
    method: "delete",
    path: "/access-rules/{id}",
    summary: "Delete a rule; everybody loses what it gave",
    request: { params: ById },
    responses: gone("It gives nothing from the next request on"),
  }),
};

const delegations = {
  list: createRoute({
    method: "get",
    path: "/delegations",
    summary: "What one delegates at the moment, and what is delegated to one",
    responses: {
      200: json(z.object({ given: z.array(Grant), received: z.array(Grant) }), "The newest first"),
      ...problemResponses,
    },
  }),
  give: createRoute({
    method: "post",
    path: "/delegations",
    summary: "Let a colleague do for a time what one may do oneself",
    request: { body: body(DelegationInput) },
    responses: { 201: json(Grant, "What they were given"), 202: waiting, ...problemResponses },
  }),
  end: createRoute({
    method: "delete",
    path: "/delegations/{id}",
    summary: "End what one delegated",
    request: { params: ById },
    responses: gone("It gives nothing from the next request on"),
  }),
};

/** Who may do what, what nobody uses, what would be, rules by attribute, and delegation. */
export function accessRoutes(reader: CostReader): OpenAPIHono<AppEnv> {
  const app = new OpenAPIHono<AppEnv>();
  app
    .openapi(asked.whoCan, async (c) => c.json(await findWhoCan(c.var.ctx, c.req.valid("query").permission), 200))
    .openapi(asked.whatCan, async (c) => c.json(await findWhatCan(c.var.ctx, c.req.valid("query").person), 200))
    .openapi(asked.unused, async (c) => c.json(await findUnusedPermissions(c.var.ctx, c.req.valid("query")), 200))
    .openapi(asked.preview, async (c) => c.json(await previewAccess(c.var.ctx, reader, c.req.valid("json")), 200));
  app
    .openapi(rules.list, async (c) => c.json({ rules: await listAccessRules(c.var.ctx) }, 200))
    .openapi(rules.create, async (c) => {
      const made = await requestOrApply(c.var.ctx, ruleChange, c.req.valid("json"));
      return made.isApplied ? c.json(made.result, 201) : c.json({ request: made.request }, 202);
    })
    .openapi(rules.remove, async (c) => {
      await deleteAccessRule(c.var.ctx, c.req.valid("param").id);
      return c.body(null, 204);
    });
  app
    .openapi(delegations.list, async (c) => c.json(await listDelegations(c.var.ctx), 200))
    .openapi(delegations.give, async (c) => {
      const made = await requestOrApply(c.var.ctx, delegationChange, c.req.valid("json"));
      return made.isApplied ? c.json(made.result, 201) : c.json({ request: made.request }, 202);
    })
    .openapi(delegations.end, async (c) => {
      await endDelegation(c.var.ctx, c.req.valid("param").id);
      return c.body(null, 204);
    });
  return app;
}
