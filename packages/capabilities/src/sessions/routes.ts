import type { AppEnv } from "@finops/platform/http/app-env";
import { problemResponses } from "@finops/platform/http/problem";
import { body, json } from "@finops/platform/http/route-parts";
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import {
  EndedSessions,
  NetworkPolicy,
  NetworkPolicyInput,
  SessionList,
  SessionPolicy,
  SessionPolicyInput,
  SessionsParameters,
} from "./contract.ts";
import {
  endAllSessions,
  endSessionById,
  endSessionsOfMember,
  getNetworkPolicy,
  getSessionPolicy,
  listSessions,
  setNetworkPolicy,
  setSessionPolicy,
} from "./service.ts";

const ById = z.object({ id: z.string() });

const list = createRoute({
  method: "get",
  path: "/sessions",
  summary: "Where one is signed in, or everybody of the company",
  request: { query: SessionsParameters },
  responses: { 200: json(SessionList, "Sessions that go on, the newest first"), ...problemResponses },
});

const end = createRoute({
  method: "delete",
  path: "/sessions/{id}",
  summary: "End a session",
  request: { params: ById },
  responses: { 204: { description: "It is over" }, ...problemResponses },
});

const endOfMember = createRoute({
  method: "delete",
  path: "/members/{id}/sessions",
  tags: ["Sessions"],
  summary: "End all sessions of a person in this company",
  request: { params: ById },
  responses: { 200: json(EndedSessions, "How many there were"), ...problemResponses },
});

const endAll = createRoute({
  method: "post",
  path: "/sessions/end-all",
  summary: "Sign everybody of the company out, but for the session that asks",
  responses: { 200: json(EndedSessions, "How many there were"), ...problemResponses },
});

const getPolicy = createRoute({
  method: "get",
  path: "/session-policy",
  tags: ["Sessions"],
  summary: "How long sessions last",
  responses: { 200: json(SessionPolicy, "The policy"), ...problemResponses },
});

const setPolicy = createRoute({
  method: "put",
  path: "/session-policy",
  tags: ["Sessions"],
  summary: "Say how long sessions last",
  description: "A shorter policy holds for sessions that run as well.",
  request: { body: body(SessionPolicyInput) },
  responses: { 200: json(SessionPolicy, "The policy as it is now"), ...problemResponses },
});

const getNetwork = createRoute({
  method: "get",
  path: "/network-policy",
  summary: "From which addresses people and keys are let in",
  responses: { 200: json(NetworkPolicy, "The policy"), ...problemResponses },
});

const setNetwork = createRoute({
  method: "put",
  path: "/network-policy",
  summary: "Say from which addresses people and keys are let in",
  description: "Ranges in CIDR notation, IPv4 and IPv6; none lets everybody in. It holds from the next request on.",
  request: { body: body(NetworkPolicyInput) },
  responses: { 200: json(NetworkPolicy, "The policy as it is now"), ...problemResponses },
});

/** Who is signed in where, for how long, and from which addresses. */
export function sessionRoutes(): OpenAPIHono<AppEnv> {
  return new OpenAPIHono<AppEnv>()
    .openapi(list, async (c) => c.json(await listSessions(c.var.ctx, c.req.valid("query")), 200))
    .openapi(end, async (c) => {
      await endSessionById(c.var.ctx, c.req.valid("param").id);
      return c.body(null, 204);
    })
    .openapi(endOfMember, async (c) => c.json(await endSessionsOfMember(c.var.ctx, c.req.valid("param").id), 200))
    .openapi(endAll, async (c) => c.json(await endAllSessions(c.var.ctx), 200))
    .openapi(getPolicy, async (c) => c.json(await getSessionPolicy(c.var.ctx), 200))
    .openapi(setPolicy, async (c) => c.json(await setSessionPolicy(c.var.ctx, c.req.valid("json")), 200))
    .openapi(getNetwork, async (c) => c.json(await getNetworkPolicy(c.var.ctx), 200))
    .openapi(setNetwork, async (c) => c.json(await setNetworkPolicy(c.var.ctx, c.req.valid("json")), 200));
}
