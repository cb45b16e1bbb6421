import type { Tx } from "@finops/platform/db/database";
import type { Failed, OperationsFacts } from "./observe-operations.ts";

const imports = ["import", "reprocess"];
/** What tells of alerts says itself that it does not arrive. */
const ofAlerts = ["evaluate-alerts", "tell-alerts", "deliver-alerts"];
const credentialsMax = 1000;

export async function readOperations(tx: Tx): Promise<OperationsFacts> {
  const [failedImport, failedJobs, credentials] = [
    await findFailedImport(tx),
    await listFailedJobs(tx),
    await listCredentials(tx),
  ];
  return { failedImport, failedJobs, credentials };
}

/** API keys in use that end by themselves, those that end first before. */
export async function listCredentials(tx: Tx): Promise<NonNullable<OperationsFacts["credentials"]>> {
  const keys = await tx.apiKey.findMany({
    where: { revokedAt: null, expiresAt: { not: null } },
    select: { id: true, name: true, expiresAt: true },
    orderBy: [{ expiresAt: "asc" }, { id: "asc" }],
    take: credentialsMax,
  });
  return keys.map(({ id, name, expiresAt }) => ({ id, name, expiresOn: expiresAt!.toISOString().slice(0, 10) }));
}

/** An import of later that went well makes up for one that failed. */
async function findFailedImport(tx: Tx): Promise<Failed | null> {
  const last = await tx.workItem.findFirst({
    where: { kind: { in: imports }, state: { in: ["done", "failed"] } },
    orderBy: [{ finishedAt: "desc" }, { id: "desc" }],
    select: { state: true, error: true, finishedAt: true },
  });
  return last === null || last.state === "done" ? null : toFailed(last);
}

async function listFailedJobs(tx: Tx): Promise<(Failed & { kind: string })[]> {
  const last = await tx.workItem.findMany({
    where: { kind: { notIn: [...imports, ...ofAlerts] }, state: { in: ["done", "failed"] } },
    orderBy: [{ kind: "asc" }, { finishedAt: "desc" }, { id: "desc" }],
    distinct: ["kind"],
    select: { kind: true, state: true, error: true, finishedAt: true },
  });
  return last.filter(({ state }) => state === "failed").map((row) => ({ kind: row.kind, ...toFailed(row) }));
}

function toFailed({ error, finishedAt }: { error: unknown; finishedAt: Date | null }): Failed {
  const { message } = (error ?? {}) as { message?: string };
  return { at: finishedAt?.toISOString() ?? "", message: message ?? "It says no reason." };
}
