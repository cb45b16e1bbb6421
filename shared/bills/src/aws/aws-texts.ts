import type { BillKind, TagState } from "../bill-truth.ts";
import { type Account, accounts, awsPayer, ternPayer } from "../plan/company.ts";
import type { FormatPlan } from "../plan/plan-bills.ts";
import { Random } from "../plan/random.ts";
import { type Commitment, type Stream, podsPerNode } from "../plan/stream.ts";
import { trimZeros } from "../plan/plan-streams.ts";
import { awsProducts, awsRegions, globalAwsServices } from "./aws-services.ts";

/** Everything about a line that does not change from day to day. Lines carry only the text's id. */
export interface AwsText {
  id: number;
  account_id: string;
  account_name: string;
  /** Product code. */
  service: string;
  currency: string;
  tag_state: TagState;
  usage_type: string | null;
  operation: string | null;
  availability_zone: string | null;
  resource_id: string | null;
  description: string;
  discount_description: string | null;
  unit: string | null;
  region: string | null;
  location: string | null;
  family: string | null;
  sku: string | null;
  instance_type: string | null;
  instance_family: string | null;
  rate: string | null;
  tags: Record<string, string>;
  product: Record<string, string>;
  cost_category: Record<string, string>;
  tax_type: string | null;
}

export const awsTextColumns: Record<keyof AwsText, string> = {
  id: "INTEGER",
  account_id: "VARCHAR",
  account_name: "VARCHAR",
  service: "VARCHAR",
  currency: "VARCHAR",
  tag_state: "VARCHAR",
  usage_type: "VARCHAR",
  operation: "VARCHAR",
  availability_zone: "VARCHAR",
  resource_id: "VARCHAR",
  description: "VARCHAR",
  discount_description: "VARCHAR",
  unit: "VARCHAR",
  region: "VARCHAR",
  location: "VARCHAR",
  family: "VARCHAR",
  sku: "VARCHAR",
  instance_type: "VARCHAR",
  instance_family: "VARCHAR",
  rate: "VARCHAR",
  tags: "MAP(VARCHAR, VARCHAR)",
  product: "MAP(VARCHAR, VARCHAR)",
  cost_category: "MAP(VARCHAR, VARCHAR)",
  tax_type: "VARCHAR",
};

/** Texts of one payer's bill, and which text each kind of charge uses. */
export interface AwsTexts {
  texts: AwsText[];
  /** Covered stream to the text of its negation line. */
  negations: { stream_id: number; text_id: number }[];
  /** Account and service to the text of charges on them: discounts, tax, credits, refunds. */
  accountServices: { account_id: string; service: string; text_id: number }[];
  commitmentTexts: { commitment: number; text_id: number }[];
  /** Pod lines of a node: share of the node's cost before and after this line. */
  pods: { stream_id: number; text_id: number; share_from: string; share_to: string; is_memory: boolean }[];
  supportTextId: number;
}

export const taxedAccounts: Record<string, { type: string; rate: string }> = {
  "storefront-prod": { type: "US Sales Tax", rate: "0.0825" },
  "checkout-prod": { type: "US Sales Tax", rate: "0.0825" },
  "tern-reports-prod": { type: "VAT", rate: "0.19" },
};

export const payerOf = (kind: BillKind) => (kind === "aws-cur2" ? awsPayer : ternPayer);

/** Text ids of charges follow those of streams, far enough away not to meet them. */
const firstChargeText = 100_000_000;

export function awsTextsOf(format: FormatPlan): AwsTexts {
  const texts = format.streams.map(streamText);
  let lastId = firstChargeText;
  const add = (text: Omit<AwsText, "id">): number => {
    texts.push({ ...text, id: ++lastId });
    return lastId;
  };
  const payer = accounts.find((account) => account.id === payerOf(format.kind).id)!;
  const result: AwsTexts = {
    texts,
    negations: [],
    accountServices: [],
    commitmentTexts: [],
    pods: [],
    supportTextId: 0,
  };

  const negationTexts = new Map<string, number>();
  for (const stream of format.streams) {
    if (stream.commitment?.type !== "savings-plan") continue;
    const text = streamText(stream);
    const key = `${text.account_id}/${text.usage_type}/${text.sku}`;
    if (!negationTexts.has(key)) negationTexts.set(key, add(negationText(text)));
    result.negations.push({ stream_id: stream.id, text_id: negationTexts.get(key)! });
  }
  const pairs = new Map(format.streams.map((stream) => [`${stream.account.id}/${stream.sku.service}`, stream]));
  for (const { account, sku } of pairs.values()) {
    result.accountServices.push({
      account_id: account.id,
      service: sku.service,
      text_id: add(chargeText(account, sku.service, `Tax for product code ${sku.service}`)),
    });
  }
  for (const commitment of format.commitments)
    result.commitmentTexts.push({ commitment: commitment.index, text_id: add(commitmentText(commitment)) });
  for (const stream of format.streams) {
    if (stream.clusterNode)
      for (const pod of podTexts(stream))
        result.pods.push({ ...pod.shares, stream_id: stream.id, text_id: add(pod.text) });
  }
  result.supportTextId = add({
    ...chargeText(payer, "AWSSupportBusiness", "AWS Support (Business)"),
    usage_type: "Dollar",
    operation: "SupportBusiness",
  });
  return result;
}

function streamText(stream: Stream): AwsText {
  const isGlobal = globalAwsServices.has(stream.sku.service);
  const region = awsRegions.find(({ code }) => code === stream.region)!;
  const usageType = isGlobal ? stream.meter : region.prefix + stream.meter;
  const instanceType = stream.size && stream.size.vcpu > 0 ? stream.size.name : null;
  const product = awsProducts[stream.sku.service]!;
  return {
    id: stream.id,
    account_id: stream.account.id,
    account_name: stream.account.name,
    service: stream.sku.service,
    currency: stream.account.currency,
    tag_state: stream.tagState,
    usage_type: usageType,
    operation: stream.sku.operation || null,
    availability_zone: instanceType && stream.sku.service === "AmazonEC2" ? stream.zone : null,
    resource_id: stream.resourceId || null,
    description: `$${trimZeros(stream.listPrice)} per ${stream.sku.unit} - ${stream.meter} in ${isGlobal ? "all regions" : region.name}`,
    discount_description: `${stream.meter} reserved instance applied`,
    unit: stream.sku.unit,
    region: isGlobal ? null : region.code,
    location: isGlobal ? null : region.name,
    family: stream.sku.family,
    sku: new Random(`${usageType}/${stream.sku.operation}`).capitals(16),
    instance_type: instanceType,
    instance_family: instanceType ? familyOf(instanceType) : null,
    rate: trimZeros(stream.listPrice),
    tags: stream.tags,
    product: {
      product_name: product.name,
      ...(isGlobal ? {} : { region: region.code }),
      ...(instanceType
        ? {
            instance_type: instanceType,
            vcpu: String(stream.size!.vcpu),
            memory: `${stream.size!.memoryGiB} GiB`,
            operating_system: "Linux",
          }
        : {}),
    },
    cost_category: costCategoryOf(stream.account),
    tax_type: null,
  };
}

function familyOf(instanceType: string): string {
  return instanceType.split(".").find((part) => /\d/.test(part)) ?? instanceType;
}

function costCategoryOf(account: Account): Record<string, string> {
  const unit = { production: "Run", staging: "Build", development: "Build", shared: "Shared" }[account.environment];
  return { Purpose: unit };
}

function chargeText(account: Account, service: string, description: string): Omit<AwsText, "id"> {
  return {
    account_id: account.id,
    account_name: account.name,
    service,
    currency: account.currency,
    tag_state: "untaggable",
    usage_type: null,
    operation: null,
    availability_zone: null,
    resource_id: null,
    description,
    discount_description: null,
    unit: null,
    region: null,
    location: null,
    family: null,
    sku: null,
    instance_type: null,
    instance_family: null,
    rate: null,
    tags: {},
    product: { product_name: awsProducts[service]!.name },
    cost_category: costCategoryOf(account),
    tax_type: taxedAccounts[account.name]?.type ?? null,
  };
}

function negationText(covered: AwsText): Omit<AwsText, "id"> {
  return {
    ...covered,
    tag_state: "untaggable",
    resource_id: null,
    availability_zone: null,
    tags: {},
    discount_description: null,
    description: `SavingsPlanNegation used by AccountId : ${covered.account_id} and UsageSku : ${covered.sku}`,
  };
}

function commitmentText(commitment: Commitment): Omit<AwsText, "id"> {
  const { account, model, payment, termYears } = commitment;
  const paymentName = {
    "no-upfront": "No Upfront",
    "partial-upfront": "Partial Upfront",
    "all-upfront": "All Upfront",
  }[payment];
  if (commitment.type === "savings-plan") {
    return {
      ...chargeText(account, "ComputeSavingsPlans", `${termYears} year ${paymentName} Compute Savings Plan`),
      usage_type: `ComputeSP:${termYears}yr${paymentName.replace(" ", "")}`,
      operation: null,
      unit: "Hrs",
      sku: new Random(commitment.id).capitals(16),
    };
  }
  const text = streamText(model);
  return {
    ...chargeText(account, model.sku.service, `${model.meter} reservation, ${termYears} year, ${paymentName}`),
    usage_type: text.usage_type!.replace(/(BoxUsage|InstanceUsage|NodeUsage|ESInstance|Node):/, "HeavyUsage:"),
    operation: text.operation,
    unit: "Hrs",
    region: text.region,
    location: text.location,
    family: text.family,
    sku: text.sku,
    instance_type: text.instance_type,
    instance_family: text.instance_family,
    product: text.product,
  };
}

const podNamespaces = ["payments", "search", "recommender", "routing"] as const;
const teamOfNamespace: Record<string, string> = {
  payments: "checkout",
  search: "search",
  recommender: "ml",
  routing: "fulfilment",
};
/** Shares of the node that the pods asked for; the rest of it is nobody's and becomes unused cost. */
const podShares = [0.34, 0.24, 0.18, 0.12];
export const podShareAll = "0.88";
export const sharedClusterName = "shared-prod-1";

function podTexts(
  node: Stream,
): { text: Omit<AwsText, "id">; shares: { share_from: string; share_to: string; is_memory: boolean } }[] {
  const text = streamText(node);
  const random = new Random(node.resourceId);
  let sharesBefore = 0;
  return Array.from({ length: podsPerNode * 2 }, (_, line) => {
    const pod = line >> 1;
    const isMemory = line % 2 === 1;
    const from = sharesBefore;
    sharesBefore += podShares[pod]! * (isMemory ? 0.45 : 0.55);
    const namespace = podNamespaces[pod]!;
    const workload = `${namespace}-api`;
    const isLast = line === podsPerNode * 2 - 1;
    const prefix = awsRegions.find(({ code }) => code === node.region)!.prefix;
    return {
      shares: {
        share_from: (from / Number(podShareAll)).toFixed(6),
        share_to: isLast ? "1" : (sharesBefore / Number(podShareAll)).toFixed(6),
        is_memory: isMemory,
      },
      text: {
        ...chargeText(node.account, "AmazonEKS", `${isMemory ? "Memory" : "CPU"} of pod ${workload} in ${namespace}`),
        usage_type: `${prefix}EKS-EC2-${isMemory ? "GB" : "vCPU"}-Hours`,
        operation: "EKSPod-EC2",
        unit: isMemory ? "GB-Hours" : "vCPU-Hours",
        region: text.region,
        location: text.location,
        family: "Compute",
        sku: new Random(`pod/${isMemory}`).capitals(16),
        resource_id: `arn:aws:eks:${node.region}:${node.account.id}:pod/${sharedClusterName}/${namespace}/${workload}-${random.hex(10)}/${random.uuid()}`,
        tags: {
          "aws:eks:cluster-name": sharedClusterName,
          "aws:eks:namespace": namespace,
          "aws:eks:workload-name": workload,
          "aws:eks:workload-type": "ReplicaSet",
          "aws:eks:node": node.resourceId,
          team: teamOfNamespace[namespace]!,
        },
      },
    };
  });
}

export async function loadAwsTexts(
  load: (table: string, columns: Record<string, string>, rows: readonly object[]) => Promise<void>,
  it: AwsTexts,
  tagKey: (key: string) => string,
): Promise<void> {
  const withKeys = it.texts.map((text) => ({
    ...text,
    tags: Object.fromEntries(Object.entries(text.tags).map(([key, value]) => [tagKey(key), value])),
  }));
  await load("texts", awsTextColumns, withKeys);
  await load("negations", { stream_id: "INTEGER", text_id: "INTEGER" }, it.negations);
  await load("account_services", { account_id: "VARCHAR", service: "VARCHAR", text_id: "INTEGER" }, it.accountServices);
  await load("commitment_texts", { commitment: "INTEGER", text_id: "INTEGER" }, it.commitmentTexts);
  await load(
    "pods",
    {
      stream_id: "INTEGER",
      text_id: "INTEGER",
      share_from: "DECIMAL(9,6)",
      share_to: "DECIMAL(9,6)",
      is_memory: "BOOLEAN",
    },
    it.pods,
  );
}
