import { parseDecimal } from "@finops/kernel/decimal";
import { addDays } from "@finops/kernel/period";
import type {
  BillTruth,
  CommitmentTruth,
  CostByCurrency,
  CostColumns,
  DeliveryTruth,
  IdleResource,
  PlantedEvent,
  Restatement,
  SharedClusterTruth,
  TagState,
  TagTruth,
  TruthCell,
} from "./bill-truth.ts";
import { sharedClusterName } from "./aws/aws-texts.ts";
import { type BillDatabase, quote } from "./database.ts";
import type { Delivery } from "./deliveries.ts";
import { groupBy } from "./group-by.ts";
import { accounts, companyName } from "./plan/company.ts";
import type { BillPlan } from "./plan/plan-bills.ts";

type Row = Record<string, string | null>;

/** Puts the ledger's sums and the plan's facts together. `delivered` is every delivery with its files. */
export async function readTruth(
  db: BillDatabase,
  plan: BillPlan,
  delivered: readonly { delivery: Delivery; files: string[] }[],
): Promise<BillTruth> {
  // What a later delivery replaced counts for the deliveries themselves, not for events and idle resources.
  const superseded = new Set(
    delivered.filter(({ delivery }) => delivery.isIncomplete).map(({ delivery }) => delivery.id),
  );
  const current = superseded.size > 0 ? `delivery NOT IN (${[...superseded].map(quote).join(", ")})` : "true";
  const deliveries = await readDeliveries(db, delivered);
  const cells = await readCells(db);
  const { calendar } = plan;
  return {
    company: companyName,
    seed: plan.seed,
    period: { start: calendar.days[0]!.day, end: addDays(calendar.days.at(-1)!.day, 1) },
    rows: deliveries.reduce((total, { rows }) => total + rows, 0),
    accounts: accounts
      .filter(({ kind }) => plan.formats.some((format) => format.kind === kind))
      .map(({ id, name, provider, kind, team, environment }) => ({ id, name, provider, kind, team, environment })),
    services: servicesOf(cells, deliveries),
    deliveries,
    cells,
    tags: await readTags(db),
    events: await readEvents(db, plan, current),
    restatements: await readRestatements(db, delivered),
    idleResources: await readIdleResources(db, plan, current),
    commitments: await readCommitments(db, plan),
    sharedClusters: await readSharedClusters(db),
  };
}

const sums =
  "sum(billed) AS billed, sum(effective) AS effective, sum(list) AS list, sum(contracted) AS contracted, sum(rows)::BIGINT AS rows";

async function readDeliveries(
  db: BillDatabase,
  delivered: readonly { delivery: Delivery; files: string[] }[],
): Promise<DeliveryTruth[]> {
  const costs = groupBy(
    await db.rows(`SELECT delivery, currency, ${sums} FROM cells GROUP BY ALL ORDER BY ALL`),
    (row) => row["delivery"]!,
  );
  const raw = groupBy(
    await db.rows("SELECT delivery, name, currency, sum(amount) AS amount FROM raw_sums GROUP BY ALL ORDER BY ALL"),
    (row) => row["delivery"]!,
  );
  return delivered.map(({ delivery, files }): DeliveryTruth => {
    const rows = costs.get(delivery.id) ?? [];
    const rawOf = groupBy(raw.get(delivery.id) ?? [], (row) => row["name"]!);
    return {
      id: delivery.id,
      kind: delivery.kind,
      provider: delivery.provider,
      month: delivery.month.label,
      folder: delivery.folder,
      files,
      rows: rows.reduce((total, row) => total + Number(row["rows"]), 0),
      supersededBy: delivery.isIncomplete
        ? delivered.find(
            (other) =>
              other.delivery.isRestated &&
              other.delivery.kind === delivery.kind &&
              other.delivery.month.label === delivery.month.label,
          )!.delivery.id
        : null,
      ...costColumns(rows),
      raw: Object.fromEntries([...rawOf].map(([name, amounts]) => [name, byCurrency(amounts, "amount")])),
    };
  });
}

async function readCells(db: BillDatabase): Promise<TruthCell[]> {
  const rows = await db.rows(
    `SELECT delivery, account_id, service, currency, ${sums} FROM cells GROUP BY ALL ORDER BY ALL`,
  );
  const groups = groupBy(rows, (row) => `${row["delivery"]}\t${row["account_id"]}\t${row["service"]}`);
  return [...groups.values()].map((group) => ({
    delivery: group[0]!["delivery"]!,
    accountId: group[0]!["account_id"]!,
    service: group[0]!["service"]!,
    rows: group.reduce((total, row) => total + Number(row["rows"]), 0),
    ...costColumns(group),
  }));
}

function servicesOf(cells: TruthCell[], deliveries: DeliveryTruth[]): { provider: string; service: string }[] {
  const providerOf = new Map(deliveries.map(({ id, provider }) => [id, provider]));
  const keys = new Set(cells.map(({ delivery, service }) => `${providerOf.get(delivery)}\t${service}`));
  return [...keys].sort().map((key) => ({ provider: key.split("\t")[0]!, service: key.split("\t")[1]! }));
}

async function readTags(db: BillDatabase): Promise<TagTruth[]> {
  const rows = await db.rows(
    "SELECT delivery, tag_state, currency, sum(billed) AS billed, sum(effective) AS effective FROM cells GROUP BY ALL ORDER BY ALL",
  );
  const groups = groupBy(rows, (row) => `${row["delivery"]}\t${row["tag_state"]}`);
  return [...groups.values()].map((group) => ({
    delivery: group[0]!["delivery"]!,
    state: group[0]!["tag_state"] as TagState,
    billed: byCurrency(group, "billed"),
    effective: byCurrency(group, "effective"),
  }));
}

async function readEvents(db: BillDatabase, plan: BillPlan, current: string): Promise<PlantedEvent[]> {
  const rows = await db.rows(
    `SELECT event, currency, sum(amount)::DECIMAL(18,2) AS amount FROM event_sums WHERE ${current} GROUP BY ALL`,
  );
  const amounts = groupBy(rows, (row) => Number(row["event"]));
  return plan.formats.flatMap(({ kind, events }) =>
    events.map((event): PlantedEvent => ({
      id: `event-${event.index + 1}`,
      kind: event.kind,
      billKind: kind,
      accountId: event.stream.account.id,
      accountName: event.stream.account.name,
      service: event.stream.sku.service,
      sku: event.stream.meter,
      resourceId: event.stream.resourceId,
      firstDay: plan.calendar.days[event.firstDay]!.day,
      lastDay: plan.calendar.days[event.endDay - 1]!.day,
      amount: byCurrency(amounts.get(event.index) ?? [], "amount"),
      note: event.note,
    })),
  );
}

async function readRestatements(
  db: BillDatabase,
  delivered: readonly { delivery: Delivery }[],
): Promise<Restatement[]> {
  const restated = delivered.map(({ delivery }) => delivery).filter(({ isRestated }) => isRestated);
  return Promise.all(
    restated.map(async (second): Promise<Restatement> => {
      const first = delivered.find(({ delivery }) => delivery.isIncomplete && delivery.kind === second.kind)!.delivery;
      const rows = await db.rows(`
      SELECT account_id, service, currency, sum(CASE WHEN delivery = ${quote(second.id)} THEN billed ELSE -billed END) AS billed
      FROM cells WHERE delivery IN (${quote(first.id)}, ${quote(second.id)}) GROUP BY ALL HAVING sum(CASE WHEN delivery = ${quote(second.id)} THEN billed ELSE -billed END) <> 0 ORDER BY ALL`);
      return {
        billKind: second.kind,
        month: second.month.label,
        first: first.id,
        restated: second.id,
        changes: rows.map((row) => ({
          accountId: row["account_id"]!,
          service: row["service"]!,
          billed: byCurrency([row], "billed"),
        })),
      };
    }),
  );
}

async function readIdleResources(db: BillDatabase, plan: BillPlan, current: string): Promise<IdleResource[]> {
  const rows = await db.rows(`SELECT stream_id, sum(billed) AS billed FROM stream_sums WHERE ${current} GROUP BY 1`);
  const billed = new Map(rows.map((row) => [Number(row["stream_id"]), row["billed"]!]));
  return plan.formats.flatMap(({ kind, streams }) =>
    streams
      .filter(({ idleKind }) => idleKind)
      .map((stream): IdleResource => ({
        billKind: kind,
        kind: stream.idleKind!,
        resourceId: stream.resourceId,
        accountId: stream.account.id,
        accountName: stream.account.name,
        service: stream.sku.service,
        billed: { [stream.account.currency]: exact(billed.get(stream.id) ?? "0") },
      })),
  );
}

async function readCommitments(db: BillDatabase, plan: BillPlan): Promise<CommitmentTruth[]> {
  const rows = await db.rows(
    "SELECT delivery, commitment, fee, used, unused, billed FROM commitment_months ORDER BY delivery",
  );
  const months = groupBy(rows, (row) => Number(row["commitment"]));
  const dayOf = (index: number) => addDays(plan.calendar.days[0]!.day, index);
  return plan.formats.flatMap(({ kind, commitments }) =>
    commitments.map((it): CommitmentTruth => ({
      id: it.id,
      name: it.name,
      billKind: kind,
      type: it.type,
      payment: it.payment,
      accountId: it.account.id,
      currency: it.account.currency,
      firstDay: dayOf(it.startDay),
      lastDay: dayOf(it.endDay - 1),
      months: (months.get(it.index) ?? []).map((row) => ({
        delivery: row["delivery"]!,
        fee: exact(row["fee"]!),
        used: exact(row["used"]!),
        unused: exact(row["unused"]!),
        billed: exact(row["billed"]!),
      })),
    })),
  );
}

async function readSharedClusters(db: BillDatabase): Promise<SharedClusterTruth[]> {
  const accountId = accounts.find(({ name }) => name === "platform-shared")!.id;
  const rows = await db.rows(
    "SELECT delivery, sum(node) AS node, sum(split) AS split, sum(unused) AS unused FROM cluster_sums GROUP BY 1 HAVING sum(node) > 0 ORDER BY 1",
  );
  return rows.map((row) => ({
    delivery: row["delivery"]!,
    cluster: sharedClusterName,
    accountId,
    nodeCost: exact(row["node"]!),
    splitCost: exact(row["split"]!),
    unusedCost: exact(row["unused"]!),
  }));
}

function costColumns(rows: Row[]): CostColumns {
  const orNull = (name: string) => (rows.some((row) => row[name] !== null) ? byCurrency(rows, name) : null);
  return {
    billed: byCurrency(rows, "billed"),
    effective: byCurrency(rows, "effective"),
    list: orNull("list"),
    contracted: orNull("contracted"),
  };
}

function byCurrency(rows: Row[], name: string): CostByCurrency {
  return Object.fromEntries(rows.map((row) => [row["currency"]!, exact(row[name] ?? "0")]));
}

function exact(text: string): string {
  return parseDecimal(text).toString();
}
