/**
 * What the rows of cost details cost. Azure's Cost is Quantity × EffectivePrice. UnitPrice (negotiated) and PayGPrice (public)
 * are of one unit of UnitOfMeasure, so of 100 hours for "100 Hours", in the pricing currency. FOCUS prices here are of one
 * hour, and quantities in hours, so that the unit is true and price × quantity is the cost.
 */

const double = (decimal: string) => `TRY_CAST(${decimal} AS DOUBLE)`;
const text = (decimal: string) => `CAST(${decimal} AS VARCHAR)`;

/** Charges that have neither a price nor a quantity. */
const priceless = "kind IN ('tax', 'credit', 'adjustment', 'roundingadjustment')";
const isKnownUnit = "unit.focus_unit IS NOT NULL AND block.inverse IS NOT NULL";
const isBlock = `unit_block <> '1' AND ${isKnownUnit}`;

/**
 * Azure counts some units one by one ("100 Hours": 24 for 24 hours) and others in blocks ("10K": 0.0004 for 4 requests). What
 * the price of a block is to the price that was applied tells which; where both are 0, worded units count one by one.
 */
const countsBlocks = `CASE WHEN ${double("unit_price")} > 0 AND ${double("effective_price")} > 0 THEN ${double("unit_price")} <= ${double("effective_price")} * sqrt(${double("unit_block")})
  ELSE NOT contains(unit_key, ' ') END`;

/** Azure writes 0 for a price that it does not give, on marketplace and commitment rows; on free meters 0 is the price. */
const priceOfOneUnit = (price: string) =>
  `CASE WHEN ${priceless} THEN NULL
    WHEN ${double(price)} > 0 THEN CASE WHEN ${isBlock} THEN exact_multiply(${price}, block.inverse) ELSE ${text(price)} END
    WHEN ${double(price)} = 0 AND cost_is_zero AND commitment IS NULL AND NOT is_marketplace THEN '0' END`;

const inBillingCurrency = (price: string) =>
  `CASE WHEN ${double("exchange_rate")} <> 1 AND ${double("exchange_rate")} > 0 THEN exact_multiply(${price}, exchange_rate) ELSE ${price} END`;

/** Azure rounds quantities, so where the applied price is the negotiated one the cost itself is exact and the product is not. */
const costIsAtUnitPrice = `NOT covered AND unit_price = effective_price AND ${double("unit_price")} > 0`;

const ratio = "json_extract_string(details_map['RINormalizationRatio'], '$')";

export const figures = {
  /** The quantity in single units: hours of "100 Hours". */
  units: `CASE WHEN ${priceless} THEN NULL WHEN ${isBlock} AND ${countsBlocks} THEN exact_multiply(quantity, unit_block) ELSE ${text("quantity")} END`,
  /** A unit that the tables lack stays as it is written, `30 Widgets`, which the FOCUS unit format allows, and prices stay of that. */
  focus_unit: `CASE WHEN units IS NULL THEN NULL WHEN unit_of_measure IS NULL THEN 'Units' WHEN ${isKnownUnit} THEN unit.focus_unit WHEN unit_block = '1' THEN regexp_replace(trim(unit_of_measure), '^1 +', '') ELSE trim(unit_of_measure) END`,
  list_price: priceOfOneUnit("payg_price"),
  contracted_price: priceOfOneUnit("unit_price"),
  list_price_billed: inBillingCurrency("list_price"),
  contracted_price_billed: inBillingCurrency("contracted_price"),
  contracted_cost: `CASE WHEN ${priceless} OR (${costIsAtUnitPrice}) THEN ${text("cost")} ELSE exact_multiply(contracted_price_billed, units) END`,
  list_cost: `CASE WHEN ${priceless} THEN ${text("cost")} WHEN ${double("payg_cost")} <> 0 THEN ${text("payg_cost")}
    WHEN payg_price = unit_price THEN CASE WHEN list_price IS NOT NULL THEN contracted_cost END ELSE exact_multiply(list_price_billed, units) END`,
  /**
   * The actual files say what is billed, so what they have and amortized files lack keeps its cost, and what only amortized
   * files have is billed 0. Without roles, a cost on covered usage can only be amortized.
   */
  is_billed: "NOT ((covered AND role <> 'actual') OR (role = 'amortized' AND coalesce(NOT twin, false)))",
  /** A commitment's fee is spread over what it covers, and an actual row that amortized files lack has no effective cost there. */
  is_effective: "NOT (commitment_fee OR (role = 'actual' AND coalesce(NOT twin, false)))",
  /**
   * Savings plans commit money: the amortized amount in the pricing currency, unknown on covered rows of actual files, which
   * cost 0. Reservations commit hours of one size: RINormalizationRatio tells how many of them an hour of another size takes.
   */
  commitment_quantity: `CASE commitment WHEN 'Savings Plan' THEN CASE WHEN NOT cost_is_zero THEN coalesce(${text("cost_in_pricing_currency")}, ${text("cost")}) END
    WHEN 'Reservation' THEN CASE WHEN covered AND contains(details, 'RINormalizationRatio') THEN exact_multiply(units, ${ratio}) ELSE units END END`,
  /** Used, unused and bought hours of virtual machines all count the size that is reserved, so all are normalized hours. */
  commitment_unit: `CASE WHEN commitment_quantity IS NULL THEN NULL WHEN commitment = 'Savings Plan' THEN coalesce(pricing_currency, billing_currency)
    ELSE CASE WHEN coalesce(meter_key LIKE 'virtual machines%', false) THEN 'Normalized ' ELSE '' END || focus_unit END`,
};
