import { type BillDatabase, quote } from "../database.ts";
import { accounts } from "../plan/company.ts";
import type { BillMonth } from "../plan/calendar.ts";
import { taxedAccounts } from "./aws-texts.ts";

interface FixedCharge {
  kind: string;
  lineType: "Credit" | "Refund";
  account: string;
  service: string;
  description: string;
  amount: string;
  applies: (month: BillMonth, isRestated: boolean) => boolean;
}

const fixedCharges: readonly FixedCharge[] = [
  {
    kind: "aws-cur2",
    lineType: "Credit",
    account: "fulfilment-prod",
    service: "AmazonEC2",
    description: "AWS Migration Acceleration Program credit",
    amount: "-2500",
    applies: (month) => month.index >= 1 && month.index <= 3,
  },
  {
    kind: "aws-cur2",
    lineType: "Refund",
    account: "storefront-prod",
    service: "AmazonS3",
    description: "Refund for request charges of a service event",
    amount: "-413.77",
    applies: (_, isRestated) => isRestated,
  },
  {
    kind: "aws-cur-legacy",
    lineType: "Credit",
    account: "tern-ingest-prod",
    service: "AmazonEC2",
    description: "AWS Activate credit",
    amount: "-750",
    applies: (month) => month.index < 2,
  },
  {
    kind: "aws-cur-legacy",
    lineType: "Refund",
    account: "tern-reports-prod",
    service: "AmazonEC2",
    description: "Refund of a duplicate charge",
    amount: "-128.4",
    applies: (month) => month.index === 6,
  },
];

/** The lines that stand once in a month or once a day for the payer: fees, discounts, support, credits, refunds, tax. */
export async function addChargeLines(
  db: BillDatabase,
  kind: string,
  month: BillMonth,
  isRestated: boolean,
  supportTextId: number,
): Promise<void> {
  await addCommitmentFees(db, kind, month);
  const { start, end } = monthTimes(month);
  const wholeMonth = `${month.fromIndex} AS day_index, ${start} AS start_at, ${end} AS end_at, 1 AS quantity`;
  if (kind === "aws-cur2") {
    await db.run(`
      INSERT INTO lines BY NAME
      SELECT a.text_id, 'EdpDiscount' AS line_type, ${wholeMonth}, -(sum(o.cost)::DOUBLE * 0.06)::DECIMAL(18,2) AS unblended, unblended AS effective
      FROM on_demand o JOIN account_services a USING (account_id, service)
      WHERE o.service IN ('AmazonEC2', 'AmazonRDS', 'AmazonS3') GROUP BY a.text_id HAVING sum(o.cost) > 1 ORDER BY a.text_id`);
  }
  await db.run(`
    INSERT INTO lines BY NAME
    SELECT ${supportTextId} AS text_id, 'Fee' AS line_type, ${wholeMonth}, greatest(100, sum(cost)::DOUBLE * 0.03)::DECIMAL(18,2) AS unblended, unblended AS effective FROM on_demand`);
  for (const charge of fixedCharges) {
    if (charge.kind !== kind || !charge.applies(month, isRestated)) continue;
    await db.run(`
      INSERT INTO lines BY NAME
      SELECT text_id, ${quote(charge.lineType)} AS line_type, ${wholeMonth}, ${charge.amount}::DECIMAL(18,10) AS unblended, unblended AS effective
      FROM account_services a JOIN texts t ON t.id = a.text_id
      WHERE t.account_name = ${quote(charge.account)} AND a.service = ${quote(charge.service)} LIMIT 1`);
  }
  for (const [name, tax] of Object.entries(taxedAccounts)) {
    const account = accounts.find((candidate) => candidate.name === name && candidate.kind === kind);
    if (!account) continue;
    await db.run(`
      INSERT INTO lines BY NAME
      SELECT a.text_id, 'Tax' AS line_type, ${wholeMonth}, (sum(o.cost)::DOUBLE * ${tax.rate})::DECIMAL(18,2) AS unblended, unblended AS effective
      FROM on_demand o JOIN account_services a USING (account_id, service)
      WHERE o.account_id = ${quote(account.id)} GROUP BY a.text_id ORDER BY a.text_id`);
  }
}

async function addCommitmentFees(db: BillDatabase, kind: string, month: BillMonth): Promise<void> {
  const { start, end } = monthTimes(month);
  const hours = `((least(c.end_day, ${month.toIndex}) - greatest(c.start_day, ${month.fromIndex})) * 24)`;
  const isActive = `c.start_day < ${month.toIndex} AND c.end_day > ${month.fromIndex} AND EXISTS (FROM commitment_texts x WHERE x.commitment = c.commitment)`;
  const boughtNow = `c.start_day >= ${month.fromIndex} AND c.start_day < ${month.toIndex} AND c.upfront > 0`;
  // RIFee: the month's recurring fee is billed, and what nobody used of fee and upfront payment is its amortised cost.
  await db.run(`
    INSERT INTO lines BY NAME
    WITH used AS (SELECT commitment, sum(quantity) AS quantity, sum(recurring) AS recurring, sum(upfront) AS upfront FROM commitment_uses GROUP BY 1)
    SELECT x.text_id, 'RIFee' AS line_type, ${month.fromIndex} AS day_index, ${start} AS start_at, ${end} AS end_at, c.commitment,
      (c.units * ${hours})::DECIMAL(18,6) AS quantity, (c.recurring * ${hours})::DECIMAL(18,10) AS unblended,
      (c.upfront * ${hours})::DECIMAL(18,10) AS ri_upfront_fee,
      unblended - coalesce(u.recurring, 0) AS ri_unused_recurring, ri_upfront_fee - coalesce(u.upfront, 0) AS ri_unused_upfront,
      (c.units * ${hours} - coalesce(u.quantity, 0))::DECIMAL(18,6) AS ri_unused_quantity,
      ri_unused_recurring + ri_unused_upfront AS effective
    FROM commitments c JOIN commitment_texts x USING (commitment) LEFT JOIN used u USING (commitment)
    WHERE c.type = 'reservation' AND ${isActive} ORDER BY c.commitment`);
  await db.run(`
    INSERT INTO lines BY NAME
    SELECT x.text_id, CASE WHEN c.type = 'reservation' THEN 'Fee' ELSE 'SavingsPlanUpfrontFee' END AS line_type, d.day_index, d.day::TIMESTAMP AS start_at, d.day + to_hours(24) AS end_at, c.commitment,
      c.units::DECIMAL(18,6) AS quantity, (c.upfront * 24 * c.term_days)::DECIMAL(18,10) AS unblended, 0 AS effective, unblended AS ri_upfront_value
    FROM commitments c JOIN commitment_texts x USING (commitment) JOIN days d ON d.day_index = c.start_day
    WHERE ${boughtNow} ORDER BY c.commitment`);
  // A savings plan is charged for every hour; a line a day here, with the day's commitment and what was used of it.
  await db.run(`
    INSERT INTO lines BY NAME
    SELECT x.text_id, 'SavingsPlanRecurringFee' AS line_type, d.day_index, d.day::TIMESTAMP AS start_at, d.day + to_hours(24) AS end_at, c.commitment, 24 AS quantity,
      (c.recurring * 24)::DECIMAL(18,10) AS unblended, unblended AS sp_recurring, (c.upfront * 24)::DECIMAL(18,10) AS sp_upfront,
      sp_recurring + sp_upfront AS sp_total, coalesce(sum(u.effective), 0)::DECIMAL(18,10) AS sp_used, sp_total - sp_used AS effective
    FROM commitments c JOIN commitment_texts x USING (commitment)
    JOIN days d ON d.day_index >= greatest(c.start_day, ${month.fromIndex}) AND d.day_index < least(c.end_day, ${month.toIndex})
    LEFT JOIN commitment_uses u ON u.commitment = c.commitment AND u.day_index = d.day_index
    WHERE c.type = 'savings-plan' GROUP BY x.text_id, d.day_index, d.day, c.commitment, c.recurring, c.upfront ORDER BY d.day_index, c.commitment`);
}

function monthTimes(month: BillMonth): { start: string; end: string } {
  return { start: `TIMESTAMP '${month.firstDay} 00:00:00'`, end: `TIMESTAMP '${month.nextMonth} 00:00:00'` };
}
