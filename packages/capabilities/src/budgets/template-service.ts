import { AppError } from "@finops/kernel/app-error";
import { isId, newId } from "@finops/kernel/id";
import type { Period } from "@finops/kernel/period";
import { requirePermission } from "@finops/platform/access/require-permission";
import { audit } from "@finops/platform/audit/audit";
import type { Tx } from "@finops/platform/db/database";
import type { BudgetTemplate as TemplateRow } from "@finops/platform/db/generated/client";
import { toJsonColumn } from "@finops/platform/db/json-column";
import type { Context } from "@finops/platform/tenancy/context";
import type { CostReader } from "@finops/warehouse/query/cost-reader";
import type { ReadOptions } from "@finops/warehouse/query/cost-store";
import { dimensionsOf } from "@finops/warehouse/query/filter-matches";
import { builtInTemplates } from "./built-in-templates.ts";
import { type BudgetTemplate, type TemplateDraft, TemplateInput, TemplateShape, TemplateUse } from "./contract.ts";
import { yearBefore } from "./copy.ts";
import type { Moment } from "./evaluate.ts";
import { firstPeriods, periodsMax } from "./periods.ts";
import { findWishedScope } from "./scope-service.ts";
import { getBudget } from "./service.ts";
import { readSpent } from "./spent-service.ts";
import { readMoment } from "./store.ts";
import { draftOf, shapeOf, templatePeriods } from "./template.ts";

const templatesMax = 200;

/** Those that every company has, then its own by name. */
export async function listTemplates(ctx: Context): Promise<BudgetTemplate[]> {
  requirePermission(ctx, "costs:read");
  const rows = await ctx.inTenant((tx) =>
    tx.budgetTemplate.findMany({ where: { deletedAt: null }, orderBy: [{ name: "asc" }, { id: "asc" }] }),
  );
  return [
    ...builtInTemplates.map((one) => ({ ...one, owner: null, mayDelete: false })),
    ...rows.map((row) => toTemplate(ctx, row)),
  ];
}

/** Keeps the shape of a budget for others: its amounts, not its costs nor its people. */
export async function createTemplate(ctx: Context, input: unknown): Promise<BudgetTemplate> {
  requirePermission(ctx, "budgets:write");
  const { name, about, budgetId } = TemplateInput.parse(input);
  const shape = shapeOf(await getBudget(ctx, budgetId));
  return ctx.inTenant(async (tx) => {
    if ((await tx.budgetTemplate.count({ where: { deletedAt: null } })) >= templatesMax)
      throw new AppError("limit", `A company keeps at most ${templatesMax} templates. Delete one that nobody uses.`);
    const now = ctx.host.clock.now();
    const row = await tx.budgetTemplate.create({
      data: {
        id: newId(now.getTime()),
        name,
        about,
        shape: toJsonColumn(shape),
        ownerId: ctx.actor.id,
        ownerName: ctx.actor.name,
        createdAt: now,
      },
    });
    await audit(tx, ctx, "budget-template.created", { after: toJsonColumn({ id: row.id, name, about, shape }) });
    return toTemplate(ctx, row);
  });
}

/** Budgets that were made of it stay as they are. */
export async function deleteTemplate(ctx: Context, id: string): Promise<void> {
  requirePermission(ctx, "budgets:write");
  await ctx.inTenant(async (tx) => {
    const row = await findTemplateRow(tx, id);
    if (row === null) throw noTemplate();
    if (!mayDelete(ctx, row))
      throw new AppError("forbidden", `"${row.name}" is a template of ${row.ownerName}. Ask them to delete it.`);
    await tx.budgetTemplate.updateMany({ where: { id }, data: { deletedAt: ctx.host.clock.now() } });
    await audit(tx, ctx, "budget-template.deleted", { before: { id, name: row.name } });
  });
}

/** A budget to go on with, of the costs that it is to be about. Nothing is kept. */
export async function draftFromTemplate(
  ctx: Context,
  reader: CostReader,
  id: string,
  input: unknown,
  options: ReadOptions = {},
): Promise<TemplateDraft> {
  requirePermission(ctx, "costs:read");
  const { currency, ...wished } = TemplateUse.parse(input);
  const { shape, moment, filter } = await ctx.inTenant(async (tx) => {
    const found = await findWishedScope(tx, ctx, wished, null);
    if (found.filter !== null) dimensionsOf(found.filter);
    return {
      shape: await findShape(tx, id),
      moment: await readMoment(tx, ctx.tenantId, ctx.host.clock.now()),
      filter: found.filter,
    };
  });
  const asked = { id, filter, measure: shape.measure, currency, periods: periodsBefore(shape, moment) };
  const spent = shape.amount.kind === "last-year" ? await readSpent(ctx, reader, [asked], moment.today, options) : null;
  return draftOf(shape, currency, moment, (period) => spent?.(id, period) ?? null);
}

function periodsBefore(shape: TemplateShape, moment: Moment): Period[] {
  return firstPeriods(templatePeriods(shape, moment), moment.fiscalYearStart, periodsMax).map(yearBefore);
}

async function findShape(tx: Tx, id: string): Promise<TemplateShape> {
  const builtIn = builtInTemplates.find((one) => one.id === id);
  if (builtIn !== undefined) return builtIn.shape;
  const row = await findTemplateRow(tx, id);
  if (row === null) throw noTemplate();
  return TemplateShape.parse(row.shape);
}

async function findTemplateRow(tx: Tx, id: string): Promise<TemplateRow | null> {
  return isId(id) ? tx.budgetTemplate.findFirst({ where: { id, deletedAt: null } }) : null;
}

function noTemplate(): AppError {
  return new AppError("not_found", "There is no such template. Load the page again.");
}

/** Its own, or everybody's for who may plan all of the company's costs. */
function mayDelete(ctx: Context, { ownerId }: TemplateRow): boolean {
  if (!ctx.permissions.has("budgets:write")) return false;
  return ownerId === ctx.actor.id || !ctx.rowFilters.has("budgets:write");
}

function toTemplate(ctx: Context, row: TemplateRow): BudgetTemplate {
  return {
    id: row.id,
    name: row.name,
    about: row.about,
    shape: TemplateShape.parse(row.shape),
    owner: { id: row.ownerId, name: row.ownerName },
    mayDelete: mayDelete(ctx, row),
  };
}
