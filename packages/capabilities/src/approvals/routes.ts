import type { ChangeKind, PolicyInfo } from "@finops/platform/approvals/change-kind";
import type { AppEnv } from "@finops/platform/http/app-env";
import { problemResponses } from "@finops/platform/http/problem";
import { body, json } from "@finops/platform/http/route-parts";
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import {
  ApprovalPolicies,
  ApprovalPoliciesInput,
  ChangeDecision,
  ChangeRequest,
  ChangeRequestDetails,
  ChangeRequestPage,
  ChangeRequestsParameters,
  WaitingChange,
} from "./contract.ts";
import { getPolicies, setPolicies } from "./policies.ts";
import {
  decideChangeRequest,
  getChangeRequest,
  listChangeRequests,
  retryChangeRequest,
  withdrawChangeRequest,
} from "./service.ts";

const ById = z.object({ id: z.string() });

const listRoute = createRoute({
  method: "get",
  path: "/change-requests",
  summary: "Changes that wait for an approval, or did: one's own, and those that one may approve",
  request: { query: ChangeRequestsParameters },
  responses: { 200: json(ChangeRequestPage, "A page of requests, the newest first"), ...problemResponses },
});
const getRoute = createRoute({
  method: "get",
  path: "/change-requests/{id}",
  summary: "A change that waits for an approval, with all that it would do",
  request: { params: ById },
  responses: { 200: json(ChangeRequestDetails, "The request"), ...problemResponses },
});
const decideRoute = createRoute({
  method: "post",
  path: "/change-requests/{id}/decision",
  summary: "Approve or reject what somebody else asked for",
  request: { params: ById, body: body(ChangeDecision) },
  responses: { 200: json(ChangeRequest, "The request as it is now"), ...problemResponses },
});
const withdrawRoute = createRoute({
  method: "post",
  path: "/change-requests/{id}/withdraw",
  summary: "Take back what one asked for",
  request: { params: ById },
  responses: { 200: json(ChangeRequest, "The request as it is now"), ...problemResponses },
});
const retryRoute = createRoute({
  method: "post",
  path: "/change-requests/{id}/apply",
  summary: "Try again to make a change that is approved and could not be made",
  request: { params: ById },
  responses: { 200: json(ChangeRequest, "The request as it is now"), ...problemResponses },
});
const policiesRoute = createRoute({
  method: "get",
  path: "/approval-policies",
  summary: "Which changes need an approval, and by whom",
  responses: { 200: json(ApprovalPolicies, "What can need one, and what does"), ...problemResponses },
});
const setPoliciesRoute = createRoute({
  method: "put",
  path: "/approval-policies",
  summary: "Say which changes need an approval; where any does, this does too",
  request: { body: body(ApprovalPoliciesInput) },
  responses: {
    200: json(ApprovalPolicies, "What needs an approval now"),
    202: json(WaitingChange, "It waits for an approval itself"),
    ...problemResponses,
  },
});

/** `kinds` are all changes that can wait, `policies` what a company can say about them. */
export function approvalRoutes(kinds: readonly ChangeKind[], policies: readonly PolicyInfo[]): OpenAPIHono<AppEnv> {
  return new OpenAPIHono<AppEnv>()
    .openapi(listRoute, async (c) => c.json(await listChangeRequests(c.var.ctx, c.req.valid("query")), 200))
    .openapi(getRoute, async (c) => c.json(await getChangeRequest(c.var.ctx, kinds, c.req.valid("param").id), 200))
    .openapi(decideRoute, async (c) =>
      c.json(await decideChangeRequest(c.var.ctx, kinds, c.req.valid("param").id, c.req.valid("json")), 200),
    )
    .openapi(withdrawRoute, async (c) => c.json(await withdrawChangeRequest(c.var.ctx, c.req.valid("param").id), 200))
    .openapi(retryRoute, async (c) => c.json(await retryChangeRequest(c.var.ctx, kinds, c.req.valid("param").id), 200))
    .openapi(policiesRoute, async (c) => c.json(await getPolicies(c.var.ctx, policies), 200))
    .openapi(setPoliciesRoute, async (c) => {
      const set = await setPolicies(c.var.ctx, policies, c.req.valid("json"));
      if (!set.isApplied) return c.json({ request: set.request }, 202);
      return c.json(await getPolicies(c.var.ctx, policies), 200);
    });
}
