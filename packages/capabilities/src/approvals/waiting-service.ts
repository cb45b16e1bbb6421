import type { Day } from "@finops/kernel/period";
import type { Tx } from "@finops/platform/db/database";

/** So many of them at most are told of; nobody decides about more. */
const waitingMax = 1000;

interface WaitingForApproval {
  id: string;
  title: string;
  message: string;
  since: Day;
  /** It is about the company, not about some of its costs. */
  filter: null;
}

/** Changes of a company that still wait for somebody's approval, the oldest first. */
export async function listWaitingChanges(tx: Tx, now: Date): Promise<WaitingForApproval[]> {
  const rows = await tx.changeRequest.findMany({
    where: { state: "requested", expiresAt: { gt: now } },
    orderBy: { id: "asc" },
    take: waitingMax,
  });
  return rows.map(({ id, summary, requestedByName, requestedAt, expiresAt }) => {
    const since = requestedAt.toISOString().slice(0, 10);
    return {
      id,
      title: summary,
      message: `${requestedByName} asked for it on ${since}; it waits for an approval until ${expiresAt.toISOString().slice(0, 10)}.`,
      since,
      filter: null,
    };
  });
}
