import { AppError } from "@finops/kernel/app-error";
import type { BillKind } from "../bill-truth.ts";
import { type BillMonth, type Calendar, buildCalendar } from "./calendar.ts";
import { fitLines } from "./fit-lines.ts";
import { planCommitments } from "./plan-commitments.ts";
import { type DayFactor, type PlannedEvent, planEvents } from "./plan-events.ts";
import { countChargeLines } from "./count-charge-lines.ts";
import { planIdleResources } from "./plan-idle.ts";
import { type StreamOrder, plantClusterNodes, planStreams } from "./plan-streams.ts";
import { Random } from "./random.ts";
import type { Commitment, Stream } from "./stream.ts";

export const billKinds: readonly BillKind[] = ["aws-cur2", "aws-cur-legacy", "azure", "gcp", "focus-1.2"];

/** Share of all rows, and cost per month before commitments: about 600,000 in sum. */
const formatWeights: Record<BillKind, { rows: number; costPerMonth: number }> = {
  "aws-cur2": { rows: 0.45, costPerMonth: 305_000 },
  "aws-cur-legacy": { rows: 0.09, costPerMonth: 56_000 },
  azure: { rows: 0.23, costPerMonth: 103_000 },
  gcp: { rows: 0.15, costPerMonth: 72_000 },
  "focus-1.2": { rows: 0.08, costPerMonth: 23_000 },
};

export interface FormatPlan {
  kind: BillKind;
  streams: Stream[];
  commitments: Commitment[];
  events: PlannedEvent[];
  factors: DayFactor[];
  /** The month that was delivered twice, if any. */
  restatedMonth: BillMonth | null;
  /** Services whose last days came late: the first delivery has only a part of them. */
  lateServices: readonly string[];
}

export interface BillPlan {
  seed: string;
  calendar: Calendar;
  formats: FormatPlan[];
}

const lateServices: Partial<Record<BillKind, { monthsBack: number; services: readonly string[] }>> = {
  "aws-cur2": { monthsBack: 2, services: ["AmazonS3", "AWSLambda", "AmazonCloudFront"] },
  azure: { monthsBack: 3, services: ["Storage", "Azure Databricks"] },
};

/** Decides everything but the single lines: resources, sizes, commitments, events. Pure: the same input, the same plan. */
export function planBills(input: {
  rows: number;
  seed: string;
  end: string;
  months: number;
  formats: readonly BillKind[];
}): BillPlan {
  if (!Number.isSafeInteger(input.rows) || input.rows < 1)
    throw new AppError("invalid", `${input.rows} is not a number of rows.`);
  if (input.formats.length === 0)
    throw new AppError("invalid", `No format was asked for. Choose from ${billKinds.join(", ")}.`);
  const calendar = buildCalendar(input.end, input.months);
  const weightAll = input.formats.reduce((total, kind) => total + formatWeights[kind].rows, 0);
  let lastId = 0;
  let commitmentCount = 0;
  let eventCount = 0;
  const formats = billKinds
    .filter((kind) => input.formats.includes(kind))
    .map((kind): FormatPlan => {
      const random = new Random(`${input.seed}/${kind}`);
      const restatedMonth = restatedMonthOf(kind, calendar);
      const dayWeights = calendar.days.map(({ index }) =>
        restatedMonth && index >= restatedMonth.fromIndex && index < restatedMonth.toIndex ? 2 : 1,
      );
      const rows = (input.rows * formatWeights[kind].rows) / weightAll;
      const order: StreamOrder = {
        kind,
        calendar,
        dayWeights,
        random,
        costPerMonth: formatWeights[kind].costPerMonth,
        linesWanted: rows,
        nextId: () => ++lastId,
      };
      const planned = planStreams(order);
      const commitments = planCommitments(kind, planned, calendar, random, commitmentCount);
      commitmentCount += commitments.length;
      const { events, factors } = planEvents(order, planned, eventCount);
      eventCount += events.length;
      planIdleResources(order, planned);
      plantClusterNodes(order, planned);
      const chargeLines = countChargeLines(kind, planned, commitments, calendar, dayWeights);
      const lines = chargeLines + fitLines(kind, planned, dayWeights, rows - chargeLines);
      if (lines > rows * 1.02 + 50) {
        const rowsMin = Math.ceil((lines * input.rows) / rows / 1000) * 1000;
        throw new AppError(
          "invalid",
          `${input.rows} rows are too few for ${input.months} months of ${input.formats.join(", ")}. Ask for ${rowsMin} or more, for fewer months or for fewer formats.`,
        );
      }
      return {
        kind,
        streams: planned,
        commitments,
        events,
        factors,
        restatedMonth,
        lateServices: lateServices[kind]?.services ?? [],
      };
    });
  return { seed: input.seed, calendar, formats };
}

function restatedMonthOf(kind: BillKind, calendar: Calendar): BillMonth | null {
  const late = lateServices[kind];
  return (late && calendar.months.at(-1 - late.monthsBack)) ?? null;
}
