import { isId } from "@finops/kernel/id";
import type { Tx } from "@finops/platform/db/database";
import type { Notice as NoticeRow } from "@finops/platform/db/generated/client";
import { asPerson } from "@finops/platform/notices/as-person";
import { noticesMax, tellInbox } from "@finops/platform/notices/keep-notices";
import type { Context } from "@finops/platform/tenancy/context";
import { findSeenAlerts } from "../alerts/index.ts";
import { findWaitingRequests } from "../approvals/index.ts";
import { findSeenBudgets } from "../budgets/index.ts";
import { type Inbox, Notice, ReadNotices } from "./contract.ts";

const shownMax = 50;

/**
 * What the caller is told; empty for who is no person. Nothing of what they may not see any more, nor of changes that do not wait for
 * them any more.
 */
export async function getInbox(ctx: Context): Promise<Inbox> {
  const personId = ctx.actor.id;
  if (!isId(personId)) return { notices: [], unread: 0 };
  return ctx.inTenant(async (tx) => {
    const rows = await asPerson(tx, personId, () => tx.notice.findMany({ orderBy: { id: "desc" }, take: noticesMax }));
    const names = await findNames(tx, ctx, rows);
    const seen = rows.flatMap((row) => {
      const about = aboutOf(row);
      const name = names.get(about.id);
      return name === undefined ? [] : [toNotice(row, { ...about, name })];
    });
    return { notices: seen.slice(0, shownMax), unread: seen.filter(({ isRead }) => !isRead).length };
  });
}

/** Says of some notices, or of all, that the caller has seen them. Those of others are none of theirs, and stay as they are. */
export async function readNotices(ctx: Context, input: unknown): Promise<void> {
  const { ids } = ReadNotices.parse(input);
  const personId = ctx.actor.id;
  if (!isId(personId)) return;
  const chosen = ids === null ? {} : { id: { in: ids.filter(isId) } };
  await ctx.inTenant(async (tx) => {
    const { count } = await asPerson(tx, personId, () =>
      tx.notice.updateMany({ where: { ...chosen, readAt: null }, data: { readAt: ctx.host.clock.now() } }),
    );
    if (count > 0) await tellInbox(tx, personId);
  });
}

/** What the things are called that notices are about, by their ids, as far as the caller may see them. */
async function findNames(tx: Tx, ctx: Context, rows: readonly NoticeRow[]): Promise<ReadonlyMap<string, string>> {
  const ids = (kind: Notice["about"]["kind"]) => [
    ...new Set(rows.map(aboutOf).flatMap((about) => (about.kind === kind ? [about.id] : []))),
  ];
  const budgets = ctx.permissions.has("costs:read") ? await findSeenBudgets(tx, ctx, ids("budget")) : [];
  const alerts = await findSeenAlerts(tx, ctx, ids("alert"));
  const requests = await findWaitingRequests(tx, ctx, ids("request"));
  return new Map([
    ...budgets.map(({ id, name }) => [id, name] as const),
    ...alerts.map(({ id, title }) => [id, title] as const),
    ...requests.map(({ id, summary }) => [id, summary] as const),
  ]);
}

function aboutOf({ budgetId, alertId, requestId }: NoticeRow): Omit<Notice["about"], "name"> {
  if (budgetId !== null) return { kind: "budget", id: budgetId };
  return alertId !== null ? { kind: "alert", id: alertId } : { kind: "request", id: requestId! };
}

function toNotice({ id, kind, text, byName, at, readAt }: NoticeRow, about: Notice["about"]): Notice {
  return Notice.parse({ id, kind, about, text, byName, at: at.toISOString(), isRead: readAt !== null });
}
