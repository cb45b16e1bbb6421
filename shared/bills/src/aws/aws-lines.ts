import type { BillDatabase } from "../database.ts";
import { podShareAll } from "./aws-texts.ts";

/** Columns of table `lines`, before names of CUR 2.0 or of the legacy report are put on them. */
const lineColumns: Record<string, string> = {
  text_id: "INTEGER",
  line_type: "VARCHAR",
  day_index: "INTEGER",
  start_at: "TIMESTAMP",
  end_at: "TIMESTAMP",
  quantity: "DECIMAL(18,6)",
  unblended: "DECIMAL(18,10)",
  public_cost: "DECIMAL(18,10)",
  effective: "DECIMAL(18,10)",
  list: "DECIMAL(18,10)",
  commitment: "INTEGER",
  ri_recurring: "DECIMAL(18,10)",
  ri_upfront: "DECIMAL(18,10)",
  ri_effective: "DECIMAL(18,10)",
  ri_unused_recurring: "DECIMAL(18,10)",
  ri_unused_upfront: "DECIMAL(18,10)",
  ri_unused_quantity: "DECIMAL(18,6)",
  ri_upfront_fee: "DECIMAL(18,10)",
  ri_upfront_value: "DECIMAL(18,10)",
  sp_rate: "DECIMAL(18,4)",
  sp_effective: "DECIMAL(18,10)",
  sp_total: "DECIMAL(18,10)",
  sp_used: "DECIMAL(18,10)",
  sp_upfront: "DECIMAL(18,10)",
  sp_recurring: "DECIMAL(18,10)",
  split_parent: "VARCHAR",
  split_cost: "DECIMAL(18,10)",
  split_unused: "DECIMAL(18,10)",
  split_usage: "DECIMAL(18,6)",
  split_ratio: "DECIMAL(9,6)",
  is_memory: "BOOLEAN",
};

export async function clearLines(db: BillDatabase): Promise<void> {
  await db.run(
    `CREATE OR REPLACE TABLE lines (${Object.entries(lineColumns)
      .map(([name, type]) => `${name} ${type}`)
      .join(", ")})`,
  );
}

/**
 * Usage lines of the days in table `uses`, with what commitments make of them. How AWS writes it:
 * a reservation's use is DiscountedUsage with an unblended cost of 0; a plan's use is SavingsPlanCoveredUsage at the on-demand
 * cost, taken back by one SavingsPlanNegation per account, SKU and hour.
 */
export async function addUsageLines(db: BillDatabase): Promise<void> {
  const money = (sql: string) => `(${sql})::DECIMAL(18,10)`;
  const times = (rate: string) => money(`u.quantity::DOUBLE * ${rate}::DOUBLE`);
  await db.run(`
    INSERT INTO lines BY NAME
    SELECT stream_id AS text_id, day_index,
      CASE WHEN c.type IS NULL THEN 'Usage' WHEN c.type = 'reservation' THEN 'DiscountedUsage' ELSE 'SavingsPlanCoveredUsage' END AS line_type,
      day + to_hours(hour) AS start_at, day + to_hours(CASE WHEN slots = 1 THEN 24 ELSE hour + 1 END) AS end_at,
      u.quantity, ${times("list_price")} AS public_cost, public_cost AS list, c.commitment,
      CASE WHEN c.type = 'reservation' THEN 0 ELSE ${times("price")} END AS unblended,
      CASE WHEN c.type = 'reservation' THEN ${times("recurring_rate")} END AS ri_recurring,
      CASE WHEN c.type = 'reservation' THEN ${times("upfront_rate")} END AS ri_upfront,
      ri_recurring + ri_upfront AS ri_effective,
      CASE WHEN c.type = 'savings-plan' THEN recurring_rate + upfront_rate END AS sp_rate,
      CASE WHEN c.type = 'savings-plan' THEN ${times("(recurring_rate + upfront_rate)")} END AS sp_effective,
      coalesce(ri_effective, sp_effective, ${times("price")}) AS effective
    FROM uses u LEFT JOIN commitments c ON c.commitment = u.commitment`);
  await db.run(`
    INSERT INTO lines BY NAME
    SELECT n.text_id, 'SavingsPlanNegation' AS line_type, l.day_index, l.start_at, l.end_at, l.commitment,
      -sum(l.quantity) AS quantity, -sum(l.unblended) AS unblended, -sum(l.public_cost) AS public_cost, 0 AS effective
    FROM lines l JOIN negations n ON n.stream_id = l.text_id
    WHERE l.line_type = 'SavingsPlanCoveredUsage'
    GROUP BY n.text_id, l.day_index, l.start_at, l.end_at, l.commitment ORDER BY l.start_at, n.text_id, l.commitment`);
  // The pods of a node share what the node really cost; rounding is cumulative, so that the parts add up to the last digit.
  await db.run(`
    INSERT INTO lines BY NAME
    WITH node AS (
      SELECT l.*, t.resource_id AS parent, ${money(`l.effective::DOUBLE * ${podShareAll}`)} AS given, l.effective - given AS idle
      FROM lines l JOIN streams s ON s.id = l.text_id AND s.cluster_node JOIN texts t ON t.id = l.text_id
      WHERE l.line_type IN ('Usage', 'DiscountedUsage')
    )
    SELECT p.text_id, 'Usage' AS line_type, n.day_index, n.start_at, n.end_at, n.parent AS split_parent, p.is_memory,
      (n.quantity::DOUBLE * 4 * (share_to - share_from)::DOUBLE)::DECIMAL(18,6) AS quantity, 0 AS unblended, 0 AS effective, 0 AS public_cost, 0 AS list,
      ${money("n.given::DOUBLE * share_to::DOUBLE")} - ${money("n.given::DOUBLE * share_from::DOUBLE")} AS split_cost,
      ${money("n.idle::DOUBLE * share_to::DOUBLE")} - ${money("n.idle::DOUBLE * share_from::DOUBLE")} AS split_unused,
      (n.quantity::DOUBLE * 4 * (share_to - share_from)::DOUBLE)::DECIMAL(18,6) AS split_usage,
      share_to - share_from AS split_ratio
    FROM node n JOIN pods p ON p.stream_id = n.text_id ORDER BY n.start_at, p.text_id`);
}

/** What the part adds to the sums that the month's fees are made of. */
export async function collectForCharges(db: BillDatabase): Promise<void> {
  await db.run(`
    INSERT INTO commitment_uses
    SELECT commitment, day_index, sum(quantity), sum(coalesce(ri_recurring, 0)), sum(coalesce(ri_upfront, 0)), sum(effective)
    FROM lines WHERE line_type IN ('DiscountedUsage', 'SavingsPlanCoveredUsage') GROUP BY ALL`);
  await db.run(`
    INSERT INTO on_demand
    SELECT t.account_id, t.service, sum(l.unblended) FROM lines l JOIN texts t ON t.id = l.text_id WHERE l.line_type = 'Usage' GROUP BY ALL`);
}

export async function clearCollected(db: BillDatabase): Promise<void> {
  await db.run(
    "CREATE OR REPLACE TABLE commitment_uses (commitment INTEGER, day_index INTEGER, quantity DECIMAL(38,6), recurring DECIMAL(38,10), upfront DECIMAL(38,10), effective DECIMAL(38,10))",
  );
  await db.run("CREATE OR REPLACE TABLE on_demand (account_id VARCHAR, service VARCHAR, cost DECIMAL(38,10))");
}
