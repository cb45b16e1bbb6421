import type { BillKind } from "../bill-truth.ts";
import { awsRegions, awsSkus } from "../aws/aws-services.ts";
import { azureRegions, azureSkus } from "../azure/azure-services.ts";
import { vendorSkus } from "../focus/vendor-services.ts";
import { gcpRegions, gcpSkus } from "../gcp/gcp-services.ts";
import type { Calendar } from "./calendar.ts";
import { type Account, accounts, teamOf } from "./company.ts";
import type { Random } from "./random.ts";
import type { MachineSize, Sku } from "./sku.ts";
import { type Stream, countLines } from "./stream.ts";
import { tagsFor } from "./tags.ts";
import { type UsagePattern, shapesOf, usagePatterns } from "./usage-patterns.ts";

interface Catalogue {
  skus: readonly Sku[];
  regions: readonly { code: string; weight: number }[];
  /** Share of the list price that is paid. */
  negotiated: number;
  /** Resources beyond which more rows come from hourly lines instead; Azure only knows days. */
  streamsMax: number;
}

export const catalogues: Record<BillKind, Catalogue> = {
  "aws-cur2": { skus: awsSkus, regions: awsRegions, negotiated: 1, streamsMax: 2600 },
  "aws-cur-legacy": { skus: awsSkus, regions: awsRegions.slice(0, 2), negotiated: 1, streamsMax: 800 },
  azure: {
    skus: azureSkus,
    regions: azureRegions.map(({ location, weight }) => ({ code: location, weight })),
    negotiated: 0.95,
    streamsMax: Infinity,
  },
  gcp: { skus: gcpSkus, regions: gcpRegions, negotiated: 0.97, streamsMax: 900 },
  "focus-1.2": { skus: vendorSkus, regions: [{ code: "eu-central", weight: 1 }], negotiated: 0.9, streamsMax: 400 },
};

export interface StreamOrder {
  kind: BillKind;
  calendar: Calendar;
  /** How often a day is delivered: 2 in a restated month. */
  dayWeights: readonly number[];
  linesWanted: number;
  costPerMonth: number;
  random: Random;
  /** Numbers the streams over all formats. */
  nextId: () => number;
}

/** Resources of one format, as many as make the wanted number of lines, with sizes that make the wanted cost. */
export function planStreams(order: StreamOrder): Stream[] {
  const catalogue = catalogues[order.kind];
  const skus = catalogue.skus.filter((sku) => !sku.plantedOnly);
  const streams: Stream[] = [];
  let lines = 0;
  const add = (sku: Sku, existsAlways: boolean) => {
    for (const stream of newStreams(order, sku, existsAlways)) {
      streams.push(stream);
      lines += countLines(stream, order.dayWeights) * (stream.planCandidate && order.kind !== "azure" ? 2 : 1);
    }
  };
  for (const sku of skus) add(sku, true);
  const days = order.dayWeights.reduce((total, weight) => total + weight, 0);
  const streamsMax = Math.max(catalogue.streamsMax, order.linesWanted / days / 20);
  while (lines < order.linesWanted && streams.length < streamsMax)
    add(
      order.random.pickWeighted(skus, (sku) => sku.resources),
      false,
    );
  const paired = pairMeters(streams);
  shareOutCost(order, paired);
  return paired;
}

/** Meters of one thing: the second is billed on a resource of the first, as traffic on a gateway. */
const pairedMeters: readonly { first: RegExp; second: RegExp; isAlwaysPaired: boolean }[] = [
  { first: /^LoadBalancerUsage$/, second: /^LCUUsage$/, isAlwaysPaired: true },
  { first: /^NatGateway-Hours$/, second: /^NatGateway-Bytes$/, isAlwaysPaired: true },
  { first: /^BoxUsage:/, second: /^DataTransfer-/, isAlwaysPaired: false },
  { first: /^InstanceUsage:/, second: /^RDS:/, isAlwaysPaired: false },
  { first: /^vCore$/, second: /^General Purpose Data Stored$/, isAlwaysPaired: false },
  { first: /^\{size\}$/, second: /^Standard (Data Transfer Out|Node)$/, isAlwaysPaired: false },
];

/** Puts second meters on resources of the first; a gateway without any traffic would be a finding, so none is left over. */
function pairMeters(streams: Stream[]): Stream[] {
  const unpaired = new Set<Stream>();
  for (const pair of pairedMeters) {
    const firsts = streams.filter(({ sku }) => pair.first.test(sku.name));
    const seconds = streams.filter(({ sku }) => pair.second.test(sku.name));
    seconds.forEach((second, index) => {
      const { account, region, zone, resourceId, resourceName, app, tags, tagState, startDay, endDay } =
        firsts[index % firsts.length]!;
      Object.assign(second, { account, region, zone, resourceId, resourceName, app, tags, tagState, startDay, endDay });
    });
    if (pair.isAlwaysPaired) for (const first of firsts.slice(seconds.length)) unpaired.add(first);
  }
  return streams.filter((stream) => !unpaired.has(stream));
}

/** A resource that an event or a finding is planted on. */
export function plantStream(order: StreamOrder, sku: Sku, account: Account, costPerMonth: number): Stream {
  const stream = newStream(order, sku, account, true);
  setSize(stream, sku.sizes?.[0] ?? null, sku.price, order.kind);
  stream.planted = true;
  stream.basePerDay = stream.capPerDay ?? costPerMonth / 30.4 / Number(stream.price);
  return stream;
}

/** Nodes of the shared cluster that exist at every size of the bill. */
export function plantClusterNodes(order: StreamOrder, streams: Stream[]): void {
  if (order.kind !== "aws-cur2") return;
  const account = accounts.find(({ name }) => name === "platform-shared")!;
  const sku = catalogues[order.kind].skus.find(
    ({ name, pattern }) => name === "BoxUsage:{size}" && pattern === "always",
  )!;
  for (let i = 0; i < (order.linesWanted > 50_000 ? 3 : 1); i++) {
    const node = plantStream(order, sku, account, 0);
    setSize(node, sku.sizes![3]!, sku.sizes![3]!.price, order.kind);
    streams.push(Object.assign(node, { clusterNode: true, basePerDay: node.capPerDay }));
  }
}

function newStreams(order: StreamOrder, sku: Sku, existsAlways: boolean): Stream[] {
  const candidates = accounts.filter((account) => account.kind === order.kind && isAllowed(sku, account));
  const account = order.random.pickWeighted(
    candidates.length > 0 ? candidates : accounts.filter((account) => account.kind === order.kind),
    ({ weight }) => weight,
  );
  const stream = newStream(order, sku, account, existsAlways);
  const isMachine = sku.sizes !== undefined && /^(BoxUsage:\{size\}|\{size\})/.test(sku.name);
  stream.planCandidate =
    isMachine &&
    !sku.dynamic &&
    order.kind !== "gcp" &&
    (sku.pattern === "always" || sku.pattern === "autoscale") &&
    order.random.chance(0.5);
  stream.clusterNode =
    order.kind === "aws-cur2" &&
    account.name === "platform-shared" &&
    sku.name === "BoxUsage:{size}" &&
    !stream.planCandidate;
  if (!sku.twin) return [stream];
  const { twin } = sku;
  const twinSku: Sku = {
    ...sku,
    name: twin.name,
    price: twin.price,
    unit: twin.unit,
    sizes: sku.sizes!.map((size) => ({ ...size, unitsPerHour: size.unitsPerHour * twin.ratio, price: twin.price })),
  };
  return [stream, { ...stream, id: order.nextId(), sku: twinSku }];
}

function isAllowed(sku: Sku, account: Account): boolean {
  return !sku.accounts || sku.accounts.some((word) => account.name.includes(word));
}

function newStream(order: StreamOrder, sku: Sku, account: Account, existsAlways: boolean): Stream {
  const { random, calendar, kind } = order;
  const dayCount = calendar.days.length;
  const launchedLater = !existsAlways && random.chance(0.2);
  const startDay = launchedLater ? random.integer(dayCount) : 0;
  const isEnded = !existsAlways && random.chance(0.12);
  const endDay = isEnded ? startDay + 1 + random.integer(dayCount - startDay) : dayCount;
  const region = random.pickWeighted(catalogues[kind].regions, ({ weight }) => weight).code;
  const app = random.pick(teamOf(account).apps);
  const name = `${app}-${random.pick(["api", "worker", "store", "core", "batch", "edge", "jobs", "db"])}-${random.hex(4)}`;
  const zone =
    kind === "gcp" ? `${region}-${random.pick(["a", "b", "c"])}` : `${region}${random.pick(["a", "b", "c"])}`;
  const { tags, state } = tagsFor(random, account, app);
  const id = order.nextId();
  return {
    id,
    kind,
    account,
    sku,
    size: null,
    meter: sku.name,
    region,
    zone,
    app,
    tags,
    tagState: state,
    startDay,
    endDay,
    resourceId: fillTemplate(sku.resource, random, { account: account.id, region, zone, name, group: app }),
    resourceName: name,
    slots: 1,
    stride: 1,
    phase: random.integer(28),
    basePerDay: 0,
    capPerDay: null,
    growthPerMonth: growthOf(random, sku.pattern, sku.sizes !== undefined),
    pattern: sku.pattern,
    listPrice: sku.price,
    price: sku.price,
    commitment: null,
    commitmentRate: null,
    planCandidate: false,
    clusterNode: false,
    planted: false,
    idleKind: null,
  };
}

function growthOf(random: Random, pattern: UsagePattern, isMachine: boolean): number {
  if (isMachine || pattern === "always") return 0;
  return (pattern === "stored" ? 0.014 : 0.006) + (random.next() - 0.5) * 0.02;
}

function fillTemplate(
  template: string,
  random: Random,
  values: { account: string; region: string; zone: string; name: string; group: string },
): string {
  return template.replace(/\{([a-z]+)(\d*)\}/g, (whole, key: string, count: string) => {
    if (key in values) return values[key as keyof typeof values];
    if (key === "hex") return random.hex(Number(count));
    if (key === "capitals") return random.capitals(Number(count));
    if (key === "digits") return random.digits(19);
    if (key === "uuid") return random.uuid();
    if (key === "plain") return values.name.replaceAll("-", "");
    if (key === "under") return values.name.replaceAll("-", "_");
    return whole;
  });
}

/** Gives every stream its share of the SKU's money; machines take the size nearest to it, the rest make the total right. */
function shareOutCost(order: StreamOrder, streams: Stream[]): void {
  const moneyAll = catalogues[order.kind].skus.reduce((total, sku) => total + sku.money, 0);
  const count = new Map<string, number>();
  const keyOf = (stream: Stream) =>
    `${stream.sku.service}/${stream.sku.name}/${stream.sku.operation}/${stream.sku.pattern}`;
  for (const stream of streams) count.set(keyOf(stream), (count.get(keyOf(stream)) ?? 0) + 1);
  const sizeOfMachine = new Map<string, MachineSize>();
  for (const stream of streams) {
    const money =
      ((order.costPerMonth * stream.sku.money) / moneyAll / count.get(keyOf(stream))!) * order.random.logNormal(0.7);
    const week = usagePatterns[stream.pattern].week;
    const activity = week.reduce<number>((total, factor) => total + factor, 0) / 7;
    if (stream.sku.sizes) {
      // Cores and memory of one machine share its size.
      const sharedName = sizeOfMachine.get(stream.resourceId)?.name;
      // Machines come and go and the largest are capped, so that they would end below their share of the money.
      const costPerHour = (money * 1.5) / 30.4 / 24 / activity;
      const size =
        stream.sku.sizes.find(({ name }) => name === sharedName) ?? nearestSize(stream.sku.sizes, costPerHour);
      if (stream.sku.twin) sizeOfMachine.set(stream.resourceId, size);
      setSize(stream, size, size.price, order.kind);
      stream.basePerDay = stream.capPerDay!;
    } else {
      setSize(stream, null, stream.sku.price, order.kind);
      stream.basePerDay = money / 30.4 / activity / Number(stream.price);
    }
  }
  scaleToCost(order, streams);
}

function nearestSize(sizes: readonly MachineSize[], costPerHour: number): MachineSize {
  const distance = (size: MachineSize) => Math.abs(Math.log((Number(size.price) * size.unitsPerHour) / costPerHour));
  return sizes.reduce((best, size) => (distance(size) < distance(best) ? size : best));
}

function setSize(stream: Stream, size: MachineSize | null, listPrice: string, kind: BillKind): void {
  stream.size = size;
  stream.meter = stream.sku.name.replace("{size}", size?.name ?? "");
  stream.listPrice = listPrice;
  stream.price = trimZeros((Number(listPrice) * catalogues[kind].negotiated).toFixed(10));
  stream.capPerDay = size ? 24 * size.unitsPerHour : null;
}

function scaleToCost(order: StreamOrder, streams: Stream[]): void {
  const shapes = shapesOf(order.calendar);
  const months = order.calendar.days.length / 30.4;
  let machines = 0;
  let rest = 0;
  for (const stream of streams) {
    let units = 0;
    for (let day = stream.startDay; day < stream.endDay; day++) {
      const use = stream.basePerDay * shapes[stream.pattern][day]! * Math.exp((stream.growthPerMonth * day) / 30.4);
      units += stream.capPerDay === null ? use : Math.min(use, stream.capPerDay);
    }
    const cost = (units * Number(stream.price)) / months;
    if (stream.capPerDay === null) rest += cost;
    else machines += cost;
  }
  if (rest === 0) return;
  const factor = Math.min(4, Math.max(0.25, (order.costPerMonth - machines) / rest));
  for (const stream of streams) if (stream.capPerDay === null) stream.basePerDay *= factor;
}

export function trimZeros(decimalText: string): string {
  return decimalText.includes(".") ? decimalText.replace(/0+$/, "").replace(/\.$/, "") : decimalText;
}
