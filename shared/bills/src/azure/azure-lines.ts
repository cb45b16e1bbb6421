import type { BillDatabase } from "../database.ts";
import type { BillMonth } from "../plan/calendar.ts";
import type { AzureTexts } from "./azure-texts.ts";

/** Table `lines`: a cost of NULL says that the line is not in that file. Quantity x price is exact in 16 places. */
export async function clearLines(db: BillDatabase): Promise<void> {
  await db.run(`CREATE OR REPLACE TABLE lines (
    text_id INTEGER, day_index INTEGER, day DATE, charge_type VARCHAR, pricing_model VARCHAR, frequency VARCHAR, quantity DECIMAL(18,6),
    unit_price DECIMAL(18,10), payg_price DECIMAL(18,10), actual_price DECIMAL(18,10), amortized_price DECIMAL(18,10),
    actual_cost DECIMAL(38,16), amortized_cost DECIMAL(38,16), commitment INTEGER)`);
}

/** Usage that a commitment covers costs 0 in the actual file and its share of the fee in the amortized file. */
export async function addUsageLines(db: BillDatabase): Promise<void> {
  await db.run(`
    INSERT INTO lines BY NAME
    SELECT stream_id AS text_id, day_index, day, 'Usage' AS charge_type, 'UsageBased' AS frequency, u.quantity, price AS unit_price, list_price AS payg_price, c.commitment,
      CASE c.type WHEN 'reservation' THEN 'Reservation' WHEN 'savings-plan' THEN 'SavingsPlan' ELSE 'OnDemand' END AS pricing_model,
      CASE WHEN c.type IS NULL THEN price ELSE 0 END::DECIMAL(18,10) AS actual_price,
      CASE WHEN c.type IS NULL THEN price ELSE recurring_rate + upfront_rate END::DECIMAL(18,10) AS amortized_price,
      u.quantity::DECIMAL(28,6) * actual_price AS actual_cost, u.quantity::DECIMAL(28,6) * amortized_price AS amortized_cost
    FROM uses u LEFT JOIN commitments c ON c.commitment = u.commitment`);
  await db.run(`
    INSERT INTO commitment_uses SELECT commitment, day_index, sum(quantity), sum(amortized_cost) FROM lines WHERE commitment IS NOT NULL GROUP BY ALL`);
}

export async function clearCollected(db: BillDatabase): Promise<void> {
  await db.run(
    "CREATE OR REPLACE TABLE commitment_uses (commitment INTEGER, day_index INTEGER, quantity DECIMAL(38,6), cost DECIMAL(38,16))",
  );
}

/** Purchases (actual file only), what nobody used (amortized file only), marketplace, support and a returned reservation. */
export async function addChargeLines(db: BillDatabase, month: BillMonth, texts: AzureTexts): Promise<void> {
  const model = "CASE c.type WHEN 'reservation' THEN 'Reservation' ELSE 'SavingsPlan' END AS pricing_model";
  const isActive = `c.start_day < ${month.toIndex} AND c.end_day > ${month.fromIndex}`;
  await db.run(`
    INSERT INTO lines BY NAME
    WITH used AS (SELECT commitment, day_index, sum(quantity) AS quantity, sum(cost) AS cost FROM commitment_uses GROUP BY ALL),
    left_over AS (
      SELECT x.text_id, d.day_index, d.day, c.commitment, c.type,
        CASE c.type WHEN 'reservation' THEN c.units * 24 - coalesce(u.quantity, 0) ELSE 1 END::DECIMAL(18,6) AS quantity,
        ((c.recurring + c.upfront) * 24)::DECIMAL(38,16) - coalesce(u.cost, 0)::DECIMAL(38,16) AS amortized_cost
      FROM commitments c JOIN commitment_texts x USING (commitment)
      JOIN days d ON d.day_index >= greatest(c.start_day, ${month.fromIndex}) AND d.day_index < least(c.end_day, ${month.toIndex})
      LEFT JOIN used u ON u.commitment = c.commitment AND u.day_index = d.day_index
    )
    SELECT text_id, day_index, day, commitment, 'UsageBased' AS frequency, quantity, 0 AS unit_price, 0 AS payg_price, amortized_cost,
      'Unused' || CASE type WHEN 'reservation' THEN 'Reservation' ELSE 'SavingsPlan' END AS charge_type,
      CASE type WHEN 'reservation' THEN 'Reservation' ELSE 'SavingsPlan' END AS pricing_model,
      (amortized_cost::DOUBLE / nullif(quantity::DOUBLE, 0))::DECIMAL(18,10) AS amortized_price
    FROM left_over WHERE amortized_cost <> 0 ORDER BY day_index, commitment`);
  await db.run(`
    INSERT INTO lines BY NAME
    SELECT x.text_id, d.day_index, d.day, 'Purchase' AS charge_type, ${model}, 'Recurring' AS frequency, 1 AS quantity, c.commitment,
      (c.recurring * 24 * (least(c.end_day, ${month.toIndex}) - d.day_index))::DECIMAL(18,10) AS unit_price, 0 AS payg_price, unit_price AS actual_price, unit_price AS actual_cost
    FROM commitments c JOIN commitment_texts x USING (commitment) JOIN days d ON d.day_index = greatest(c.start_day, ${month.fromIndex})
    WHERE ${isActive} AND c.recurring > 0
    UNION ALL BY NAME
    SELECT x.text_id, d.day_index, d.day, 'Purchase' AS charge_type, ${model}, 'OneTime' AS frequency, 1 AS quantity, c.commitment,
      (c.upfront * 24 * c.term_days)::DECIMAL(18,10) AS unit_price, 0 AS payg_price, unit_price AS actual_price, unit_price AS actual_cost
    FROM commitments c JOIN commitment_texts x USING (commitment) JOIN days d ON d.day_index = c.start_day
    WHERE c.upfront > 0 AND d.day_index >= ${month.fromIndex} AND d.day_index < ${month.toIndex}
    ORDER BY commitment, frequency`);
  await addFixedCharge(db, month, {
    text: texts.marketplace,
    type: "Purchase",
    model: "OnDemand",
    frequency: "Recurring",
    cost: "1450",
    day: 3,
    inAmortized: true,
  });
  await addFixedCharge(db, month, {
    text: texts.support,
    type: "Purchase",
    model: "OnDemand",
    frequency: "Recurring",
    cost: "1000",
    day: 0,
    inAmortized: true,
  });
  if (month.index === 4) {
    await addFixedCharge(db, month, {
      text: texts.returned,
      type: "Purchase",
      model: "Reservation",
      frequency: "OneTime",
      cost: "1860.42",
      day: 7,
      inAmortized: false,
    });
    await addFixedCharge(db, month, {
      text: texts.returned,
      type: "Refund",
      model: "Reservation",
      frequency: "OneTime",
      cost: "-1860.42",
      day: 7,
      inAmortized: false,
    });
  }
}

async function addFixedCharge(
  db: BillDatabase,
  month: BillMonth,
  charge: {
    text: number;
    type: string;
    model: string;
    frequency: string;
    cost: string;
    day: number;
    inAmortized: boolean;
  },
): Promise<void> {
  await db.run(`
    INSERT INTO lines BY NAME
    SELECT ${charge.text} AS text_id, day_index, day, '${charge.type}' AS charge_type, '${charge.model}' AS pricing_model, '${charge.frequency}' AS frequency, 1 AS quantity,
      ${charge.cost}::DECIMAL(18,10) AS unit_price, 0 AS payg_price, unit_price AS actual_price, unit_price AS actual_cost,
      ${charge.inAmortized ? "unit_price" : "NULL::DECIMAL(18,10)"} AS amortized_price, amortized_price AS amortized_cost
    FROM days WHERE day_index = least(${month.fromIndex + charge.day}, ${month.toIndex - 1})`);
}
