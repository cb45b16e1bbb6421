import { contractCommitmentColumns } from "@finops/focus/contract-commitment";
import { bookkeeping } from "@finops/warehouse/tables/cost-columns";
import { exactNames, exactTypes } from "@finops/warehouse/tables/exact-decimal";
import { fileOf, lineOf } from "./raw-relation.ts";
import { sourceLine } from "./typed-select.ts";

/**
 * Wraps a rendered mapping of contract commitments as `typedSelect` does one of costs. Decimals stay text: they are promises
 * and never summed, so all costs of the account are empty. A commitment belongs to the month in which it begins, and so a
 * later file replaces what it says of the commitments of that month.
 */
export function commitmentSelect(mapped: string): string {
  const columns = contractCommitmentColumns.map(({ id, type }) =>
    type === "datetime" ? `TRY_CAST("${id}" AS TIMESTAMP) AS "${id}"` : `CAST("${id}" AS VARCHAR) AS "${id}"`,
  );
  const noCosts = ["BilledCost", "EffectiveCost", bookkeeping.rawCost].flatMap((column) =>
    (["main", "lo", "big"] as const).map((part) => `CAST(NULL AS ${exactTypes[part]}) AS ${exactNames(column)[part]}`),
  );
  return `SELECT ${columns.join(", ")}, ${noCosts.join(", ")},
    CAST(${fileOf} AS INTEGER) AS "${bookkeeping.file}", CAST(${lineOf} AS BIGINT) AS "${sourceLine}", coalesce(_dropped, _rule) AS "${bookkeeping.rule}", _reason AS "${bookkeeping.reason}", _extras AS "${bookkeeping.extras}",
    _part, CASE WHEN _dropped IS NOT NULL THEN 'dropped' WHEN _reason IS NOT NULL THEN 'rejected' ELSE 'published' END AS _state,
    CASE WHEN ${isMonth} THEN strftime("ContractCommitmentPeriodStart", '%Y-%m') ELSE 'unknown' END AS _period
  FROM (SELECT *, ${rejectReason} AS _reason FROM (${mapped}))`;
}

const isMonth = `year("ContractCommitmentPeriodStart") BETWEEN 2000 AND 2199`;

const rejectReason = `CASE WHEN _dropped IS NOT NULL THEN NULL WHEN _rejected IS NOT NULL THEN _rejected
  WHEN "ContractCommitmentId" IS NULL THEN 'ContractCommitmentId is empty.'
  WHEN "ContractCommitmentPeriodStart" IS NULL OR NOT ${isMonth} THEN 'ContractCommitmentPeriodStart is empty or cannot be read.' END`;
