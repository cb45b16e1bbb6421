import type { AppEnv } from "@finops/platform/http/app-env";
import { problemResponses } from "@finops/platform/http/problem";
import { body, gone, json } from "@finops/platform/http/route-parts";
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import {
  Schedule,
  ScheduleChange,
  ScheduleInput,
  ScheduleList,
  SchedulePause,
  ScheduleRun,
  ScheduleRunList,
  SendNowInput,
} from "./contract.ts";
import {
  changeSchedule,
  createSchedule,
  deleteSchedule,
  getSchedule,
  listScheduleRuns,
  listSchedules,
  pauseSchedule,
  sendScheduleNow,
} from "./service.ts";

const ById = z.object({ id: z.string() });
const AtVersion = z.object({
  version: z.coerce.number().int().min(1).max(2_000_000_000).describe("The version that one saw"),
});

const routes = {
  list: createRoute({
    method: "get",
    path: "/schedules",
    summary: "What is sent when and to whom",
    responses: { 200: json(ScheduleList, "One's own, by name; all for who may change settings"), ...problemResponses },
  }),
  create: createRoute({
    method: "post",
    path: "/schedules",
    summary: "Have a view, a report or a budget sent again and again",
    request: { body: body(ScheduleInput) },
    responses: { 201: json(Schedule, "The schedule"), ...problemResponses },
  }),
  get: createRoute({
    method: "get",
    path: "/schedules/{id}",
    summary: "A schedule",
    request: { params: ById },
    responses: { 200: json(Schedule, "The schedule"), ...problemResponses },
  }),
  change: createRoute({
    method: "put",
    path: "/schedules/{id}",
    summary: "Change a schedule",
    request: { params: ById, body: body(ScheduleChange) },
    responses: { 200: json(Schedule, "The schedule as it is now"), ...problemResponses },
  }),
  pause: createRoute({
    method: "post",
    path: "/schedules/{id}/pause",
    summary: "Pause a schedule, or have it go on",
    request: { params: ById, body: body(SchedulePause) },
    responses: { 200: json(Schedule, "The schedule as it is now"), ...problemResponses },
  }),
  remove: createRoute({
    method: "delete",
    path: "/schedules/{id}",
    summary: "Delete a schedule",
    request: { params: ById, query: AtVersion },
    responses: gone("It is deleted"),
  }),
  runs: createRoute({
    method: "get",
    path: "/schedules/{id}/runs",
    summary: "What a schedule sent, and what became of it",
    request: { params: ById },
    responses: { 200: json(ScheduleRunList, "The newest first"), ...problemResponses },
  }),
  send: createRoute({
    method: "post",
    path: "/schedules/{id}/runs",
    summary: "Send it now, to oneself or to all",
    request: { params: ById, body: body(SendNowInput) },
    responses: { 201: json(ScheduleRun, "The run, which says what becomes of it"), ...problemResponses },
  }),
};

export function scheduleRoutes(): OpenAPIHono<AppEnv> {
  return new OpenAPIHono<AppEnv>()
    .openapi(routes.list, async (c) => c.json({ schedules: await listSchedules(c.var.ctx) }, 200))
    .openapi(routes.create, async (c) => c.json(await createSchedule(c.var.ctx, c.req.valid("json")), 201))
    .openapi(routes.get, async (c) => c.json(await getSchedule(c.var.ctx, c.req.valid("param").id), 200))
    .openapi(routes.change, async (c) =>
      c.json(await changeSchedule(c.var.ctx, c.req.valid("param").id, c.req.valid("json")), 200),
    )
    .openapi(routes.pause, async (c) =>
      c.json(await pauseSchedule(c.var.ctx, c.req.valid("param").id, c.req.valid("json")), 200),
    )
    .openapi(routes.remove, async (c) => {
      await deleteSchedule(c.var.ctx, c.req.valid("param").id, c.req.valid("query").version);
      return c.body(null, 204);
    })
    .openapi(routes.runs, async (c) =>
      c.json({ runs: await listScheduleRuns(c.var.ctx, c.req.valid("param").id) }, 200),
    )
    .openapi(routes.send, async (c) =>
      c.json(await sendScheduleNow(c.var.ctx, c.req.valid("param").id, c.req.valid("json")), 201),
    );
}
