import type { AppEnv } from "@finops/platform/http/app-env";
import { problemResponses } from "@finops/platform/http/problem";
import { body, json } from "@finops/platform/http/route-parts";
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { OnCallChange, OnCallInput, OnCallList, OnCallSchedule, ShiftList, ShiftsParameters } from "./contract.ts";
import {
  changeOnCall,
  createOnCall,
  deleteOnCall,
  getOnCall,
  listOnCall,
  listShifts,
  type UsersOfSchedule,
} from "./service.ts";

const ById = z.object({ id: z.string() });
const AtVersion = z.object({
  version: z.coerce.number().int().min(1).max(2_000_000_000).describe("The version that one saw"),
});

const routes = {
  list: createRoute({
    method: "get",
    path: "/on-call",
    summary: "Schedules of people on call",
    responses: { 200: json(OnCallList, "By name, each with who is on call"), ...problemResponses },
  }),
  create: createRoute({
    method: "post",
    path: "/on-call",
    summary: "Make a schedule of people on call",
    request: { body: body(OnCallInput) },
    responses: { 201: json(OnCallSchedule, "The schedule"), ...problemResponses },
  }),
  get: createRoute({
    method: "get",
    path: "/on-call/{id}",
    summary: "A schedule of people on call",
    request: { params: ById },
    responses: { 200: json(OnCallSchedule, "The schedule"), ...problemResponses },
  }),
  shifts: createRoute({
    method: "get",
    path: "/on-call/{id}/shifts",
    summary: "Who is on call in the next weeks",
    request: { params: ById, query: ShiftsParameters },
    responses: { 200: json(ShiftList, "From now on, without a gap"), ...problemResponses },
  }),
  change: createRoute({
    method: "put",
    path: "/on-call/{id}",
    summary: "Change a schedule of people on call",
    request: { params: ById, body: body(OnCallChange) },
    responses: { 200: json(OnCallSchedule, "The schedule as it is now"), ...problemResponses },
  }),
  remove: createRoute({
    method: "delete",
    path: "/on-call/{id}",
    summary: "Delete a schedule that nothing calls people by",
    request: { params: ById, query: AtVersion },
    responses: { 200: json(OnCallSchedule, "The schedule as it was"), ...problemResponses },
  }),
};

/** @param usersOf what calls people by a schedule, which is not deleted under it */
export function onCallRoutes(usersOf: UsersOfSchedule): OpenAPIHono<AppEnv> {
  return new OpenAPIHono<AppEnv>()
    .openapi(routes.list, async (c) => c.json({ schedules: await listOnCall(c.var.ctx) }, 200))
    .openapi(routes.create, async (c) => c.json(await createOnCall(c.var.ctx, c.req.valid("json")), 201))
    .openapi(routes.get, async (c) => c.json(await getOnCall(c.var.ctx, c.req.valid("param").id), 200))
    .openapi(routes.shifts, async (c) =>
      c.json({ shifts: await listShifts(c.var.ctx, c.req.valid("param").id, c.req.valid("query")) }, 200),
    )
    .openapi(routes.change, async (c) =>
      c.json(await changeOnCall(c.var.ctx, c.req.valid("param").id, c.req.valid("json")), 200),
    )
    .openapi(routes.remove, async (c) =>
      c.json(await deleteOnCall(c.var.ctx, c.req.valid("param").id, c.req.valid("query").version, usersOf), 200),
    );
}
