import type { Tx } from "@finops/platform/db/database";

/** Every view, dashboard, report, budget, unit metric, schedule and alert of the company, with each version and what was told and said. */
export async function documentsOf(tx: Tx) {
  return {
    views: await tx.savedView.findMany({ include: { versions: true }, orderBy: { id: "asc" } }),
    documents: await tx.document.findMany({ include: { versions: true, runs: true }, orderBy: { id: "asc" } }),
    budgets: await tx.budget.findMany({ include: { versions: true, comments: true }, orderBy: { id: "asc" } }),
    unitMetrics: await tx.unitMetric.findMany({ include: { values: true }, orderBy: { id: "asc" } }),
    schedules: await tx.schedule.findMany({
      include: { runs: { omit: { content: true }, include: { deliveries: true } } },
      orderBy: { id: "asc" },
    }),
    alertRules: await tx.alertRule.findMany({ orderBy: { id: "asc" } }),
    alerts: await tx.alert.findMany({ include: { events: true }, orderBy: { id: "asc" } }),
    alertChannels: await tx.alertChannel.findMany({ omit: { targetSealed: true }, orderBy: { id: "asc" } }),
  };
}

/** The company itself, its people and what they may do. No secret is in it, nor the hash of one. */
export async function organisationOf(tx: Tx) {
  return {
    company: await tx.tenant.findFirst({ omit: { sessionEpoch: true } }),
    people: await tx.membership.findMany({
      include: { user: { select: { id: true, email: true, name: true } }, role: { select: { key: true } } },
      orderBy: { userId: "asc" },
    }),
    invitations: await tx.invitation.findMany({ omit: { linkId: true }, orderBy: { id: "asc" } }),
    roles: await tx.role.findMany({ include: { permissions: true }, orderBy: { key: "asc" } }),
    groups: await tx.group.findMany({ include: { members: true }, orderBy: { id: "asc" } }),
    grants: await tx.grant.findMany({ orderBy: { id: "asc" } }),
    units: await tx.unit.findMany({ include: { accounts: true }, orderBy: { id: "asc" } }),
    unitMoves: await tx.unitMove.findMany({ orderBy: { movedAt: "asc" } }),
    sources: await tx.source.findMany({ orderBy: { key: "asc" } }),
  };
}
