import { requestOrApply } from "@finops/platform/approvals/request-or-apply";
import type { AppEnv } from "@finops/platform/http/app-env";
import { problemResponses } from "@finops/platform/http/problem";
import { body, json } from "@finops/platform/http/route-parts";
import type { CostReader } from "@finops/warehouse/query/cost-reader";
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { WaitingChange } from "../approvals/index.ts";
import { budgetChange, budgetDeletion, newBudgetChange, newBudgetsChange } from "./change-service.ts";
import {
  Budget,
  BudgetChange,
  BudgetComment,
  BudgetCopies,
  BudgetCommentInput,
  BudgetHistory,
  BudgetInput,
  BudgetPage,
  BudgetPreview,
  BudgetPreviewInput,
  BudgetReaders,
  BudgetsParameters,
  CopyInput,
  MadeBudgets,
  ParsedPlan,
  PlanInput,
} from "./contract.ts";
import { draftCopies, previewCopies } from "./copy-service.ts";
import {
  commentBudget,
  getBudget,
  getBudgetHistory,
  getBudgetOutlook,
  listBudgetComments,
  listBudgets,
  previewBudget,
  readPlan,
} from "./service.ts";
import { listReaders } from "./mention-service.ts";
import { templateRoutes } from "./template-routes.ts";

const ById = z.object({ id: z.string() });
const waiting = json(WaitingChange, "It waits for somebody's approval");
const shape = {
  filter: { dimension: "serviceName", is: "Amazon EKS" },
  currency: "USD",
  periods: { grain: "month", start: "2026-01-01" },
  amount: { kind: "fixed", amount: "1200.00" },
};
const months = { text: "2026-01\t1200.00\n2026-02\t1300.00", periods: shape.periods };

const routes = {
  list: createRoute({
    method: "get",
    path: "/budgets",
    summary: "Budgets with how they stand",
    request: { query: BudgetsParameters },
    responses: { 200: json(BudgetPage, "A page of budgets, by name"), ...problemResponses },
  }),
  create: createRoute({
    method: "post",
    path: "/budgets",
    summary: "Make a budget",
    request: { body: body(BudgetInput, { name: "Clusters", ...shape }) },
    responses: {
      201: json(Budget, "The budget; how it stands comes moments later"),
      202: waiting,
      ...problemResponses,
    },
  }),
  preview: createRoute({
    method: "post",
    path: "/budgets/preview",
    summary: "How a budget would stand, without keeping it",
    request: { body: body(BudgetPreviewInput, shape) },
    responses: { 200: json(BudgetPreview, "Its figures"), ...problemResponses },
  }),
  plan: createRoute({
    method: "post",
    path: "/budgets/plan",
    summary: "Read a plan as it is pasted from a spreadsheet or a CSV file",
    request: { body: body(PlanInput, months) },
    responses: { 200: json(ParsedPlan, "Its amounts, or what is wrong with which row"), ...problemResponses },
  }),
  copies: createRoute({
    method: "post",
    path: "/budgets/copy/preview",
    summary: "What copies of budgets for the next fiscal year would be, without keeping them",
    request: { body: body(CopyInput) },
    responses: { 200: json(BudgetCopies, "Each with what stands against it"), ...problemResponses },
  }),
  copy: createRoute({
    method: "post",
    path: "/budgets/copy",
    summary: "Copy budgets, with what stands below them, for the next fiscal year",
    request: { body: body(CopyInput) },
    responses: { 201: json(MadeBudgets, "The copies"), 202: waiting, ...problemResponses },
  }),
  get: createRoute({
    method: "get",
    path: "/budgets/{id}",
    summary: "A budget with how it stands",
    request: { params: ById },
    responses: { 200: json(Budget, "The budget"), ...problemResponses },
  }),
  change: createRoute({
    method: "put",
    path: "/budgets/{id}",
    summary: "Change a budget, with the reason",
    request: {
      params: ById,
      body: body(BudgetChange, { name: "Clusters", ...shape, version: 1, reason: "Two clusters more" }),
    },
    responses: { 200: json(Budget, "The budget as it is now"), 202: waiting, ...problemResponses },
  }),
  remove: createRoute({
    method: "delete",
    path: "/budgets/{id}",
    summary: "Delete a budget",
    request: {
      params: ById,
      query: z.object({
        version: z.coerce.number().int().min(1).max(2_000_000_000).describe("The version that one saw"),
      }),
    },
    responses: { 200: json(Budget, "The budget as it was"), 202: waiting, ...problemResponses },
  }),
  outlook: createRoute({
    method: "get",
    path: "/budgets/{id}/outlook",
    summary: "A budget day by day and in its periods so far, on the costs as they are published now",
    request: { params: ById },
    responses: { 200: json(BudgetPreview, "Its figures"), ...problemResponses },
  }),
  history: createRoute({
    method: "get",
    path: "/budgets/{id}/history",
    summary: "What a budget was, why it changed, and when it came into another state",
    request: { params: ById },
    responses: { 200: json(BudgetHistory, "The newest first"), ...problemResponses },
  }),
  readers: createRoute({
    method: "get",
    path: "/budgets/{id}/people",
    summary: "Who may see a budget, and be mentioned in what is said of it",
    request: { params: ById },
    responses: { 200: json(BudgetReaders, "By e-mail address"), ...problemResponses },
  }),
  comments: createRoute({
    method: "get",
    path: "/budgets/{id}/comments",
    summary: "What people say of a budget",
    request: { params: ById },
    responses: { 200: json(z.object({ comments: z.array(BudgetComment) }), "The oldest first"), ...problemResponses },
  }),
  comment: createRoute({
    method: "post",
    path: "/budgets/{id}/comments",
    summary: "Say something of a budget",
    request: { params: ById, body: body(BudgetCommentInput) },
    responses: { 201: json(BudgetComment, "The comment"), ...problemResponses },
  }),
};

export function budgetRoutes(reader: CostReader): OpenAPIHono<AppEnv> {
  return new OpenAPIHono<AppEnv>()
    .route("/", templateRoutes(reader))
    .openapi(routes.list, async (c) => c.json(await listBudgets(c.var.ctx, c.req.valid("query")), 200))
    .openapi(routes.create, async (c) => {
      const made = await requestOrApply(c.var.ctx, newBudgetChange, c.req.valid("json"));
      return made.isApplied ? c.json(made.result, 201) : c.json({ request: made.request }, 202);
    })
    .openapi(routes.preview, async (c) =>
      c.json(await previewBudget(c.var.ctx, reader, c.req.valid("json"), { signal: c.req.raw.signal }), 200),
    )
    .openapi(routes.plan, async (c) => c.json(await readPlan(c.var.ctx, c.req.valid("json")), 200))
    .openapi(routes.copies, async (c) =>
      c.json(await previewCopies(c.var.ctx, reader, c.req.valid("json"), { signal: c.req.raw.signal }), 200),
    )
    .openapi(routes.copy, async (c) => {
      const drafts = await draftCopies(c.var.ctx, reader, c.req.valid("json"), { signal: c.req.raw.signal });
      const made = await requestOrApply(c.var.ctx, newBudgetsChange, drafts);
      return made.isApplied ? c.json({ budgets: made.result }, 201) : c.json({ request: made.request }, 202);
    })
    .openapi(routes.get, async (c) => c.json(await getBudget(c.var.ctx, c.req.valid("param").id), 200))
    .openapi(routes.change, async (c) => {
      const asked = { budget: c.req.valid("param").id, change: c.req.valid("json") };
      const made = await requestOrApply(c.var.ctx, budgetChange, asked, asked.change.reason);
      return made.isApplied ? c.json(made.result, 200) : c.json({ request: made.request }, 202);
    })
    .openapi(routes.remove, async (c) => {
      const asked = { budget: c.req.valid("param").id, version: c.req.valid("query").version };
      const made = await requestOrApply(c.var.ctx, budgetDeletion, asked);
      return made.isApplied ? c.json(made.result, 200) : c.json({ request: made.request }, 202);
    })
    .openapi(routes.outlook, async (c) =>
      c.json(await getBudgetOutlook(c.var.ctx, reader, c.req.valid("param").id, { signal: c.req.raw.signal }), 200),
    )
    .openapi(routes.history, async (c) => c.json(await getBudgetHistory(c.var.ctx, c.req.valid("param").id), 200))
    .openapi(routes.readers, async (c) =>
      c.json({ people: await listReaders(c.var.ctx, c.req.valid("param").id) }, 200),
    )
    .openapi(routes.comments, async (c) =>
      c.json({ comments: await listBudgetComments(c.var.ctx, c.req.valid("param").id) }, 200),
    )
    .openapi(routes.comment, async (c) =>
      c.json(await commentBudget(c.var.ctx, c.req.valid("param").id, c.req.valid("json")), 201),
    );
}
