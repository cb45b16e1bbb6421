import type { BillKind } from "../bill-truth.ts";
import { taxedAccounts } from "../aws/aws-texts.ts";
import type { BillMonth, Calendar } from "./calendar.ts";
import type { Commitment, Stream } from "./stream.ts";

/** Lines beside usage: fees, discounts, support, tax and credits; to be known before usage is fitted to the rest. */
export function countChargeLines(
  kind: BillKind,
  streams: readonly Stream[],
  commitments: readonly Commitment[],
  calendar: Calendar,
  dayWeights: readonly number[],
): number {
  return calendar.months.reduce(
    (total, month) => total + chargeLinesOf(kind, streams, commitments, month) * dayWeights[month.fromIndex]!,
    0,
  );
}

function chargeLinesOf(
  kind: BillKind,
  streams: readonly Stream[],
  commitments: readonly Commitment[],
  month: BillMonth,
): number {
  const daysOf = (commitment: Commitment) =>
    Math.max(0, Math.min(commitment.endDay, month.toIndex) - Math.max(commitment.startDay, month.fromIndex));
  const active = commitments.filter((commitment) => daysOf(commitment) > 0);
  const days = (some: readonly Commitment[]) => some.reduce((total, commitment) => total + daysOf(commitment), 0);
  if (kind === "azure") return days(active) * 0.8 + active.length + 4;
  if (kind === "gcp") return days(active) + 2;
  if (kind === "focus-1.2") return 2;
  const pairs = new Map(
    streams
      .filter((stream) => stream.startDay < month.toIndex && stream.endDay > month.fromIndex)
      .map(({ account, sku }) => [`${account.id}/${sku.service}`, { account, service: sku.service }]),
  );
  const discounted =
    kind === "aws-cur2" ? [...pairs.values()].filter(({ service }) => /^Amazon(EC2|RDS|S3)$/.test(service)).length : 0;
  const taxed = [...pairs.values()].filter(({ account }) => account.name in taxedAccounts).length;
  const plans = active.filter(({ type }) => type === "savings-plan");
  return days(plans) + active.length - plans.length + discounted + taxed + 1;
}
