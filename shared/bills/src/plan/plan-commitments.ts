import type { BillKind } from "../bill-truth.ts";
import { groupBy } from "../group-by.ts";
import type { Calendar } from "./calendar.ts";
import { type Account, accounts, awsPayer, ternPayer } from "./company.ts";
import type { Random } from "./random.ts";
import type { Commitment, Stream } from "./stream.ts";

type Payment = Commitment["payment"];

interface Wish {
  type: Commitment["type"];
  service: string;
  payment: Payment;
  termYears: 1 | 3;
  /** Day index of the purchase; before 0 when bought earlier. */
  startDay: number;
  /** Machines bought beyond those that run: unused by nature. */
  spare: number;
  /** Meter that a committed use is bought for. */
  meter?: string;
}

/** Share of the on-demand price, roughly as the providers publish it. */
const priceShare: Record<Commitment["type"], Record<1 | 3, number>> = {
  reservation: { 1: 0.62, 3: 0.43 },
  "savings-plan": { 1: 0.72, 3: 0.52 },
  "committed-use": { 1: 0.63, 3: 0.45 },
};

/** Buys the company's commitments and says which resources each one covers. */
export function planCommitments(
  kind: BillKind,
  streams: Stream[],
  calendar: Calendar,
  random: Random,
  firstIndex: number,
): Commitment[] {
  const commitments: Commitment[] = [];
  for (const wish of wishesOf(kind, calendar)) {
    const members = membersFor(kind, wish, streams, calendar);
    if (members.length > 0) commitments.push(buy(kind, wish, members, random, firstIndex + commitments.length));
  }
  return commitments;
}

function wishesOf(kind: BillKind, calendar: Calendar): Wish[] {
  const inPeriod = (month: number, day: number) => (calendar.months[month]?.fromIndex ?? -90) + day;
  if (kind === "aws-cur2") {
    return [
      { type: "reservation", service: "AmazonRDS", payment: "no-upfront", termYears: 3, startDay: -210, spare: 0 },
      {
        type: "reservation",
        service: "AmazonRDS",
        payment: "partial-upfront",
        termYears: 1,
        startDay: inPeriod(3, 9),
        spare: 1,
      },
      {
        type: "reservation",
        service: "AmazonElastiCache",
        payment: "all-upfront",
        termYears: 3,
        startDay: -400,
        spare: 0,
      },
      {
        type: "reservation",
        service: "AmazonES",
        payment: "all-upfront",
        termYears: 1,
        startDay: inPeriod(1, 4),
        spare: 1,
      },
      { type: "reservation", service: "AmazonEC2", payment: "no-upfront", termYears: 1, startDay: -95, spare: 1 },
      { type: "reservation", service: "AmazonEC2", payment: "partial-upfront", termYears: 3, startDay: -300, spare: 0 },
      { type: "savings-plan", service: "AmazonEC2", payment: "no-upfront", termYears: 3, startDay: -180, spare: 0 },
      {
        type: "savings-plan",
        service: "AmazonEC2",
        payment: "partial-upfront",
        termYears: 1,
        startDay: inPeriod(4, 14),
        spare: 0,
      },
    ];
  }
  if (kind === "aws-cur-legacy") {
    return [
      {
        type: "reservation",
        service: "AmazonRDS",
        payment: "no-upfront",
        termYears: 1,
        startDay: inPeriod(2, 0),
        spare: 0,
      },
      {
        type: "reservation",
        service: "AmazonRedshift",
        payment: "all-upfront",
        termYears: 3,
        startDay: -500,
        spare: 0,
      },
      {
        type: "savings-plan",
        service: "AmazonEC2",
        payment: "no-upfront",
        termYears: 1,
        startDay: inPeriod(0, 20),
        spare: 0,
      },
    ];
  }
  if (kind === "azure") {
    return [
      {
        type: "reservation",
        service: "Virtual Machines",
        payment: "no-upfront",
        termYears: 3,
        startDay: -240,
        spare: 1,
      },
      {
        type: "reservation",
        service: "Virtual Machines",
        payment: "all-upfront",
        termYears: 1,
        startDay: inPeriod(5, 11),
        spare: 0,
      },
      {
        type: "savings-plan",
        service: "Virtual Machines",
        payment: "no-upfront",
        termYears: 3,
        startDay: -60,
        spare: 0,
      },
    ];
  }
  if (kind === "gcp") {
    return [
      {
        type: "committed-use",
        service: "Compute Engine",
        payment: "no-upfront",
        termYears: 3,
        startDay: -150,
        spare: 8,
        meter: "N2 Instance Core running in Americas",
      },
      {
        type: "committed-use",
        service: "Compute Engine",
        payment: "no-upfront",
        termYears: 3,
        startDay: -150,
        spare: 32,
        meter: "N2 Instance Ram running in Americas",
      },
      {
        type: "committed-use",
        service: "Cloud SQL",
        payment: "no-upfront",
        termYears: 1,
        startDay: inPeriod(2, 6),
        spare: 4,
        meter: "Cloud SQL for PostgreSQL: Zonal - vCPU in Americas",
      },
    ];
  }
  return [];
}

function membersFor(kind: BillKind, wish: Wish, streams: Stream[], calendar: Calendar): Stream[] {
  const free = streams.filter(
    (stream) =>
      !stream.commitment &&
      !stream.planted &&
      stream.capPerDay !== null &&
      !stream.sku.dynamic &&
      stream.sku.service === wish.service &&
      stream.startDay <= Math.max(0, wish.startDay),
  );
  if (wish.type === "savings-plan") {
    const candidates = free.filter((stream) => stream.planCandidate);
    // The first plan was sized for the older half of the machines, the second for the rest.
    return wish.startDay < 0 && kind === "aws-cur2" ? candidates.filter((_, index) => index % 5 < 3) : candidates;
  }
  const lasting = free.filter(
    (stream) =>
      !stream.planCandidate &&
      !stream.clusterNode &&
      stream.endDay === calendar.days.length &&
      stream.pattern === "always" &&
      stream.sku.name !== "NatGateway-Hours",
  );
  if (wish.meter) return lasting.filter((stream) => stream.meter === wish.meter).filter((_, index) => index % 4 < 3);
  const groups = groupBy(lasting, (stream) => `${stream.meter}/${stream.region}`);
  const largest = [...groups.values()].toSorted((a, b) => b.length - a.length || a[0]!.id - b[0]!.id)[0] ?? [];
  return largest.slice(0, Math.max(1, Math.ceil(largest.length * 0.8)));
}

function buy(kind: BillKind, wish: Wish, members: Stream[], random: Random, index: number): Commitment {
  const model = members[0]!;
  const startDay = wish.startDay;
  const commitment: Commitment = {
    index,
    kind,
    model,
    startDay,
    type: wish.type,
    payment: wish.payment,
    termYears: wish.termYears,
    endDay: startDay + 365 * wish.termYears,
    account: ownerOf(kind, model),
    ...identityOf(kind, wish, model, random),
    units: 1,
    recurringPerHour: "0",
    upfrontPerHour: "0",
  };
  const share = priceShare[wish.type][wish.termYears];
  for (const stream of members) {
    stream.commitment = commitment;
    stream.commitmentRate = splitByPayment(Number(stream.price) * share, wish.payment);
  }
  const unitsOf = (stream: Stream) => stream.capPerDay! / 24;
  if (wish.type === "savings-plan") {
    const perHour = members.reduce((total, stream) => total + unitsOf(stream) * rateOf(stream), 0);
    // Two percent above the machines' full use, so that use never exceeds the commitment.
    const rates = splitByPayment(perHour * 1.02, wish.payment);
    return Object.assign(commitment, { recurringPerHour: rates.recurring, upfrontPerHour: rates.upfront });
  }
  // A spare machine beside one or two would be half of the reservation, which nobody buys.
  const spare = members.length >= 3 || kind === "gcp" || wish.service === "AmazonES" ? wish.spare : 0;
  const units = members.reduce((total, stream) => total + unitsOf(stream), 0) + spare;
  const rates = model.commitmentRate!;
  return Object.assign(commitment, {
    units,
    recurringPerHour: (units * Number(rates.recurring)).toFixed(4),
    upfrontPerHour: (units * Number(rates.upfront)).toFixed(4),
  });
}

function rateOf(stream: Stream): number {
  return Number(stream.commitmentRate!.recurring) + Number(stream.commitmentRate!.upfront);
}

/** Four places, so that rate x quantity (6 places) is exact in the 10 places of a cost and used never exceeds the fee. */
function splitByPayment(rate: number, payment: Payment): { recurring: string; upfront: string } {
  if (payment === "no-upfront") return { recurring: rate.toFixed(4), upfront: "0" };
  if (payment === "all-upfront") return { recurring: "0", upfront: rate.toFixed(4) };
  return { recurring: (rate / 2).toFixed(4), upfront: (rate / 2).toFixed(4) };
}

/** AWS payers and the enrolment buy centrally; a GCP commitment belongs to a project. */
function ownerOf(kind: BillKind, model: Stream): Account {
  const payerId = kind === "aws-cur2" ? awsPayer.id : kind === "aws-cur-legacy" ? ternPayer.id : null;
  return accounts.find((account) => account.id === payerId) ?? model.account;
}

function identityOf(kind: BillKind, wish: Wish, model: Stream, random: Random): { id: string; name: string } {
  const { region, meter } = model;
  const payer = kind === "aws-cur2" ? awsPayer.id : ternPayer.id;
  if (wish.type === "committed-use") {
    const what = meter.includes("Core") ? "n2-cpu" : meter.includes("Ram") ? "n2-ram" : "sql-postgres";
    return { id: random.digits(19), name: `cud-${what}-${wish.termYears}y` };
  }
  if (kind === "azure") {
    const [order, item] = [random.uuid(), random.uuid()];
    return wish.type === "reservation"
      ? {
          id: `/providers/Microsoft.Capacity/reservationOrders/${order}/reservations/${item}`,
          name: `VM_RI_${model.size!.name.replace(" ", "")}_${region}`,
        }
      : {
          id: `/providers/Microsoft.BillingBenefits/savingsPlanOrders/${order}/savingsPlans/${item}`,
          name: "Compute_SavingsPlan_Group",
        };
  }
  if (wish.type === "savings-plan")
    return {
      id: `arn:aws:savingsplans::${payer}:savingsplan/${random.uuid()}`,
      name: `Compute Savings Plan ${wish.termYears}yr`,
    };
  const service =
    {
      AmazonEC2: "ec2",
      AmazonRDS: "rds",
      AmazonElastiCache: "elasticache",
      AmazonES: "es",
      AmazonRedshift: "redshift",
    }[wish.service] ?? "ec2";
  const resource = {
    ec2: "reserved-instances/",
    rds: "ri:",
    elasticache: "reserved-instance:",
    es: "reserved-instances:",
    redshift: "reservednode:",
  }[service]!;
  return { id: `arn:aws:${service}:${region}:${payer}:${resource}${random.uuid()}`, name: `${meter} reservation` };
}
