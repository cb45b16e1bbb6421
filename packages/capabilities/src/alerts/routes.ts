import type { AppEnv } from "@finops/platform/http/app-env";
import { problemResponses } from "@finops/platform/http/problem";
import { body, json } from "@finops/platform/http/route-parts";
import type { CostReader } from "@finops/warehouse/query/cost-reader";
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { acknowledgeAlert, getAlert, getAlertCause, listAlerts, resolveAlert, snoozeAlert } from "./alert-service.ts";
import {
  changeChannel,
  createChannel,
  deleteChannel,
  getChannel,
  listChannels,
  testChannel,
} from "./channel-service.ts";
import {
  changeEscalation,
  createEscalation,
  deleteEscalation,
  getEscalation,
  listEscalations,
} from "./chain-service.ts";
import {
  AlertCauseAnswer,
  AlertDetail,
  AlertPage,
  AlertPreview,
  AlertPreviewInput,
  AlertRule,
  AlertRuleChange,
  AlertRuleInput,
  AlertRuleList,
  AlertsParameters,
  Channel,
  ChannelChange,
  ChannelInput,
  ChannelList,
  DeliveriesParameters,
  Delivery,
  DeliveryPage,
  Escalation,
  EscalationChange,
  EscalationInput,
  EscalationList,
  NoiseParameters,
  NoiseReport,
  SlackSetup,
  SnoozeInput,
} from "./contract.ts";
import { getDelivery, listDeliveries, resendDelivery } from "./delivery-log-service.ts";
import { getNoiseReport } from "./noise-service.ts";
import { getSlackSetup } from "./slack-install-service.ts";
import {
  changeAlertRule,
  createAlertRule,
  deleteAlertRule,
  getAlertRule,
  listAlertRules,
  previewAlertRule,
} from "./rule-service.ts";

const ById = z.object({ id: z.string() });
const AtVersion = z.object({
  version: z.coerce.number().int().min(1).max(2_000_000_000).describe("The version that one saw"),
});
const conditions = [
  {
    kind: "cost-above",
    filter: { dimension: "serviceName", is: "Amazon EKS" },
    currency: "USD",
    window: "day",
    above: "1200.00",
    clearAt: "1000.00",
  },
];
const target = { kind: "webhook", url: "https://hooks.example/alerts", secret: "a-secret-of-ours-2026" };

const routes = {
  listRules: createRoute({
    method: "get",
    path: "/alerts/rules",
    summary: "Rules of alerts",
    responses: { 200: json(AlertRuleList, "By name"), ...problemResponses },
  }),
  createRule: createRoute({
    method: "post",
    path: "/alerts/rules",
    summary: "Make a rule",
    request: { body: body(AlertRuleInput, { name: "Clusters cost too much", conditions }) },
    responses: { 201: json(AlertRule, "The rule; it is looked at moments later"), ...problemResponses },
  }),
  previewRule: createRoute({
    method: "post",
    path: "/alerts/rules/preview",
    summary: "When a rule would have fired on the last days, without keeping it",
    request: { body: body(AlertPreviewInput, { conditions, days: 30 }) },
    responses: { 200: json(AlertPreview, "The days, and a sentence"), ...problemResponses },
  }),
  getRule: createRoute({
    method: "get",
    path: "/alerts/rules/{id}",
    summary: "A rule",
    request: { params: ById },
    responses: { 200: json(AlertRule, "The rule"), ...problemResponses },
  }),
  changeRule: createRoute({
    method: "put",
    path: "/alerts/rules/{id}",
    summary: "Change a rule",
    request: { params: ById, body: body(AlertRuleChange, { name: "Clusters cost too much", conditions, version: 1 }) },
    responses: { 200: json(AlertRule, "The rule as it is now"), ...problemResponses },
  }),
  removeRule: createRoute({
    method: "delete",
    path: "/alerts/rules/{id}",
    summary: "Delete a rule, and end its alerts",
    request: { params: ById, query: AtVersion },
    responses: { 200: json(AlertRule, "The rule as it was"), ...problemResponses },
  }),
  listChannels: createRoute({
    method: "get",
    path: "/alerts/channels",
    summary: "Where alerts can go",
    responses: { 200: json(ChannelList, "By name, without their secrets"), ...problemResponses },
  }),
  createChannel: createRoute({
    method: "post",
    path: "/alerts/channels",
    summary: "Make a channel",
    request: { body: body(ChannelInput, { name: "Operations", target }) },
    responses: { 201: json(Channel, "The channel"), ...problemResponses },
  }),
  getChannel: createRoute({
    method: "get",
    path: "/alerts/channels/{id}",
    summary: "A channel",
    request: { params: ById },
    responses: { 200: json(Channel, "The channel, without its secrets"), ...problemResponses },
  }),
  changeChannel: createRoute({
    method: "put",
    path: "/alerts/channels/{id}",
    summary: "Change a channel; without a target it goes where it did",
    request: { params: ById, body: body(ChannelChange, { name: "Operations", target, version: 1 }) },
    responses: { 200: json(Channel, "The channel as it is now"), ...problemResponses },
  }),
  removeChannel: createRoute({
    method: "delete",
    path: "/alerts/channels/{id}",
    summary: "Delete a channel",
    request: { params: ById, query: AtVersion },
    responses: { 200: json(Channel, "The channel as it was"), ...problemResponses },
  }),
  slackSetup: createRoute({
    method: "get",
    path: "/alerts/slack",
    summary: "Whether Slack's app can be installed here",
    responses: { 200: json(SlackSetup, "And what there is to do where not"), ...problemResponses },
  }),
  testChannel: createRoute({
    method: "post",
    path: "/alerts/channels/{id}/test",
    summary: "Send a test by a channel",
    request: { params: ById },
    responses: { 201: json(Delivery, "The delivery, which says what becomes of it"), ...problemResponses },
  }),
  listEscalations: createRoute({
    method: "get",
    path: "/alerts/escalations",
    summary: "Chains of who is told when nobody looks after an alert",
    responses: { 200: json(EscalationList, "By name, each with the rules that name it"), ...problemResponses },
  }),
  createEscalation: createRoute({
    method: "post",
    path: "/alerts/escalations",
    summary: "Make a chain",
    request: { body: body(EscalationInput) },
    responses: { 201: json(Escalation, "The chain"), ...problemResponses },
  }),
  getEscalation: createRoute({
    method: "get",
    path: "/alerts/escalations/{id}",
    summary: "A chain",
    request: { params: ById },
    responses: { 200: json(Escalation, "The chain"), ...problemResponses },
  }),
  changeEscalation: createRoute({
    method: "put",
    path: "/alerts/escalations/{id}",
    summary: "Change a chain",
    request: { params: ById, body: body(EscalationChange) },
    responses: { 200: json(Escalation, "The chain as it is now"), ...problemResponses },
  }),
  removeEscalation: createRoute({
    method: "delete",
    path: "/alerts/escalations/{id}",
    summary: "Delete a chain that no rule names",
    request: { params: ById, query: AtVersion },
    responses: { 200: json(Escalation, "The chain as it was"), ...problemResponses },
  }),
  listDeliveries: createRoute({
    method: "get",
    path: "/alerts/deliveries",
    summary: "What channels were given to tell",
    request: { query: DeliveriesParameters },
    responses: { 200: json(DeliveryPage, "The newest first"), ...problemResponses },
  }),
  getDelivery: createRoute({
    method: "get",
    path: "/alerts/deliveries/{id}",
    summary: "A delivery",
    request: { params: ById },
    responses: { 200: json(Delivery, "The delivery"), ...problemResponses },
  }),
  resendDelivery: createRoute({
    method: "post",
    path: "/alerts/deliveries/{id}/resend",
    summary: "Try again what was given up",
    request: { params: ById },
    responses: { 200: json(Delivery, "The delivery"), ...problemResponses },
  }),
  noise: createRoute({
    method: "get",
    path: "/alerts/noise",
    summary: "How often each rule rang, and what came of it",
    request: { query: NoiseParameters },
    responses: {
      200: json(NoiseReport, "By rule, with what would make it ring less for nothing"),
      ...problemResponses,
    },
  }),
  list: createRoute({
    method: "get",
    path: "/alerts",
    summary: "Alerts",
    request: { query: AlertsParameters },
    responses: { 200: json(AlertPage, "Those that fired last first"), ...problemResponses },
  }),
  get: createRoute({
    method: "get",
    path: "/alerts/{id}",
    summary: "An alert, with what happened to it",
    request: { params: ById },
    responses: { 200: json(AlertDetail, "The alert"), ...problemResponses },
  }),
  cause: createRoute({
    method: "get",
    path: "/alerts/{id}/cause",
    summary: "What of its costs changed most",
    request: { params: ById },
    responses: { 200: json(AlertCauseAnswer, "Null where it is not about days of costs"), ...problemResponses },
  }),
  acknowledge: createRoute({
    method: "post",
    path: "/alerts/{id}/acknowledge",
    summary: "Say that one looks after an alert",
    request: { params: ById },
    responses: { 200: json(AlertDetail, "The alert as it is now"), ...problemResponses },
  }),
  snooze: createRoute({
    method: "post",
    path: "/alerts/{id}/snooze",
    summary: "Be told of an alert later",
    request: { params: ById, body: body(SnoozeInput) },
    responses: { 200: json(AlertDetail, "The alert as it is now"), ...problemResponses },
  }),
  resolve: createRoute({
    method: "post",
    path: "/alerts/{id}/resolve",
    summary: "Say that an alert is over",
    request: { params: ById },
    responses: { 200: json(AlertDetail, "The alert as it is now"), ...problemResponses },
  }),
};

export function alertRoutes(reader: CostReader): OpenAPIHono<AppEnv> {
  return new OpenAPIHono<AppEnv>()
    .openapi(routes.listRules, async (c) => c.json({ rules: await listAlertRules(c.var.ctx) }, 200))
    .openapi(routes.createRule, async (c) => c.json(await createAlertRule(c.var.ctx, c.req.valid("json")), 201))
    .openapi(routes.previewRule, async (c) =>
      c.json(await previewAlertRule(c.var.ctx, reader, c.req.valid("json"), { signal: c.req.raw.signal }), 200),
    )
    .openapi(routes.getRule, async (c) => c.json(await getAlertRule(c.var.ctx, c.req.valid("param").id), 200))
    .openapi(routes.changeRule, async (c) =>
      c.json(await changeAlertRule(c.var.ctx, c.req.valid("param").id, c.req.valid("json")), 200),
    )
    .openapi(routes.removeRule, async (c) =>
      c.json(await deleteAlertRule(c.var.ctx, c.req.valid("param").id, c.req.valid("query").version), 200),
    )
    .openapi(routes.listChannels, async (c) => c.json({ channels: await listChannels(c.var.ctx) }, 200))
    .openapi(routes.createChannel, async (c) => c.json(await createChannel(c.var.ctx, c.req.valid("json")), 201))
    .openapi(routes.getChannel, async (c) => c.json(await getChannel(c.var.ctx, c.req.valid("param").id), 200))
    .openapi(routes.changeChannel, async (c) =>
      c.json(await changeChannel(c.var.ctx, c.req.valid("param").id, c.req.valid("json")), 200),
    )
    .openapi(routes.removeChannel, async (c) =>
      c.json(await deleteChannel(c.var.ctx, c.req.valid("param").id, c.req.valid("query").version), 200),
    )
    .openapi(routes.slackSetup, (c) => c.json(getSlackSetup(c.var.ctx), 200))
    .openapi(routes.testChannel, async (c) => c.json(await testChannel(c.var.ctx, c.req.valid("param").id), 201))
    .openapi(routes.listEscalations, async (c) => c.json({ escalations: await listEscalations(c.var.ctx) }, 200))
    .openapi(routes.createEscalation, async (c) => c.json(await createEscalation(c.var.ctx, c.req.valid("json")), 201))
    .openapi(routes.getEscalation, async (c) => c.json(await getEscalation(c.var.ctx, c.req.valid("param").id), 200))
    .openapi(routes.changeEscalation, async (c) =>
      c.json(await changeEscalation(c.var.ctx, c.req.valid("param").id, c.req.valid("json")), 200),
    )
    .openapi(routes.removeEscalation, async (c) =>
      c.json(await deleteEscalation(c.var.ctx, c.req.valid("param").id, c.req.valid("query").version), 200),
    )
    .openapi(routes.listDeliveries, async (c) => c.json(await listDeliveries(c.var.ctx, c.req.valid("query")), 200))
    .openapi(routes.getDelivery, async (c) => c.json(await getDelivery(c.var.ctx, c.req.valid("param").id), 200))
    .openapi(routes.resendDelivery, async (c) => c.json(await resendDelivery(c.var.ctx, c.req.valid("param").id), 200))
    .openapi(routes.noise, async (c) => c.json(await getNoiseReport(c.var.ctx, c.req.valid("query")), 200))
    .openapi(routes.list, async (c) => c.json(await listAlerts(c.var.ctx, c.req.valid("query")), 200))
    .openapi(routes.get, async (c) => c.json(await getAlert(c.var.ctx, c.req.valid("param").id), 200))
    .openapi(routes.cause, async (c) =>
      c.json(await getAlertCause(c.var.ctx, reader, c.req.valid("param").id, { signal: c.req.raw.signal }), 200),
    )
    .openapi(routes.acknowledge, async (c) => c.json(await acknowledgeAlert(c.var.ctx, c.req.valid("param").id), 200))
    .openapi(routes.snooze, async (c) =>
      c.json(await snoozeAlert(c.var.ctx, c.req.valid("param").id, c.req.valid("json")), 200),
    )
    .openapi(routes.resolve, async (c) => c.json(await resolveAlert(c.var.ctx, c.req.valid("param").id), 200));
}
