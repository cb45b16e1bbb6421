import type { TagState } from "../bill-truth.ts";
import { type Account, accounts, gcpOrganization, teamOf } from "../plan/company.ts";
import type { FormatPlan } from "../plan/plan-bills.ts";
import { Random } from "../plan/random.ts";
import type { Commitment, Stream } from "../plan/stream.ts";
import type { Tags } from "../plan/tags.ts";
import { gcpServiceIds } from "./gcp-services.ts";

interface Label {
  key: string;
  value: string;
}

/** The nested parts of an export row that do not change from row to row. */
export interface GcpText {
  id: number;
  /** Project id; empty for charges of the whole billing account. */
  account_id: string;
  service: string;
  currency: string;
  tag_state: TagState;
  service_id: string;
  sku_id: string;
  sku: string;
  pricing_unit: string;
  unit: string;
  unit_factor: number;
  project_number: string | null;
  project_labels: Label[];
  labels: Label[];
  system_labels: Label[];
  tags: { key: string; value: string; inherited: boolean; namespace: string }[];
  region: string | null;
  zone: string | null;
  resource_name: string | null;
  global_name: string | null;
  folder: string | null;
  subscription: string | null;
}

const labels = "STRUCT(key VARCHAR, value VARCHAR)[]";
export const gcpTextColumns: Record<keyof GcpText, string> = {
  id: "INTEGER",
  account_id: "VARCHAR",
  service: "VARCHAR",
  currency: "VARCHAR",
  tag_state: "VARCHAR",
  service_id: "VARCHAR",
  sku_id: "VARCHAR",
  sku: "VARCHAR",
  pricing_unit: "VARCHAR",
  unit: "VARCHAR",
  unit_factor: "DOUBLE",
  project_number: "VARCHAR",
  project_labels: labels,
  labels,
  system_labels: labels,
  tags: "STRUCT(key VARCHAR, value VARCHAR, inherited BOOLEAN, namespace VARCHAR)[]",
  region: "VARCHAR",
  zone: "VARCHAR",
  resource_name: "VARCHAR",
  global_name: "VARCHAR",
  folder: "VARCHAR",
  subscription: "VARCHAR",
};

export interface GcpTexts {
  texts: GcpText[];
  commitmentTexts: { commitment: number; text_id: number }[];
  tax: number;
  adjustment: number;
  rounding: number;
}

/** Unit that is measured, and how many of it make one unit that is priced. */
const usageUnits: Record<string, { unit: string; factor: number }> = {
  hour: { unit: "seconds", factor: 3600 },
  second: { unit: "seconds", factor: 1 },
  month: { unit: "seconds", factor: 2_592_000 },
  count: { unit: "requests", factor: 1 },
  mebibyte: { unit: "bytes", factor: 1_048_576 },
  gibibyte: { unit: "bytes", factor: 1_073_741_824 },
  tebibyte: { unit: "bytes", factor: 1_099_511_627_776 },
  "gibibyte hour": { unit: "byte-seconds", factor: 1_073_741_824 * 3600 },
  "gibibyte month": { unit: "byte-seconds", factor: 1_073_741_824 * 2_592_000 },
};

const firstChargeText = 300_000_000;

export function gcpTextsOf(format: FormatPlan): GcpTexts {
  const texts = format.streams.map(streamText);
  let lastId = firstChargeText;
  const add = (text: Omit<GcpText, "id">): number => {
    texts.push({ ...text, id: ++lastId });
    return lastId;
  };
  const adsProject = accounts.find(({ name }) => name === "harborline-ads-analytics-prod")!;
  return {
    texts,
    commitmentTexts: format.commitments.map((commitment) => ({
      commitment: commitment.index,
      text_id: add(commitmentText(commitment)),
    })),
    tax: add(chargeText(null, "Invoice", "Tax", "count")),
    adjustment: add(chargeText(adsProject, "BigQuery", "Analysis", "tebibyte")),
    rounding: add(chargeText(null, "Invoice", "Rounding error", "count")),
  };
}

function streamText(stream: Stream): GcpText {
  const { account, sku } = stream;
  return {
    ...chargeText(account, sku.service, stream.meter, sku.unit),
    id: stream.id,
    tag_state: stream.tagState,
    labels: labelsOf(stream.tags),
    region: stream.region,
    zone: sku.resource.includes("{zone}") ? stream.zone : null,
    resource_name: stream.resourceId ? stream.resourceId.slice(stream.resourceId.lastIndexOf("/") + 1) : null,
    global_name: stream.resourceId || null,
    system_labels:
      sku.service === "Compute Engine" && stream.size
        ? [
            { key: "compute.googleapis.com/machine_spec", value: `${sku.operation}-${stream.size.vcpu}` },
            { key: "compute.googleapis.com/cores", value: String(stream.size.vcpu) },
            { key: "compute.googleapis.com/memory", value: String(stream.size.memoryGiB * 1024) },
          ]
        : [],
  };
}

/** Labels allow lower case, digits, - and _ only. */
function labelsOf(tags: Tags): Label[] {
  return Object.entries(tags).map(([key, value]) => ({
    key: key.toLowerCase(),
    value: value
      .toLowerCase()
      .replace(/@.*/, "")
      .replace(/[^a-z0-9_-]/g, "-"),
  }));
}

function chargeText(account: Account | null, service: string, sku: string, pricingUnit: string): Omit<GcpText, "id"> {
  const usage = usageUnits[pricingUnit]!;
  const skuId = new Random(`${service}/${sku}`).hex(12).toUpperCase();
  return {
    account_id: account?.id ?? "",
    service,
    currency: "USD",
    tag_state: "untaggable",
    service_id: gcpServiceIds[service]!,
    sku_id: `${skuId.slice(0, 4)}-${skuId.slice(4, 8)}-${skuId.slice(8)}`,
    sku,
    pricing_unit: pricingUnit,
    unit: usage.unit,
    unit_factor: usage.factor,
    project_number: account ? new Random(account.id).digits(12) : null,
    project_labels: account
      ? [
          { key: "team", value: teamOf(account).name },
          { key: "cost-center", value: teamOf(account).costCenter.toLowerCase() },
        ]
      : [],
    labels: [],
    system_labels: [],
    tags: account
      ? [{ key: "environment", value: account.environment, inherited: true, namespace: gcpOrganization }]
      : [],
    region: null,
    zone: null,
    resource_name: null,
    global_name: null,
    folder: account ? new Random(`folder/${account.team}`).digits(12) : null,
    subscription: null,
  };
}

function commitmentText(commitment: Commitment): Omit<GcpText, "id"> {
  const { model, termYears } = commitment;
  const years = `${termYears} Year${termYears > 1 ? "s" : ""}`;
  const sku = model.meter.includes("Core")
    ? `Commitment v1: N2 Cpu in Americas for ${years}`
    : model.meter.includes("Ram")
      ? `Commitment v1: N2 Ram in Americas for ${years}`
      : `Commitment - dollar based v1: Cloud SQL database ${model.region} for ${years}`;
  return {
    ...chargeText(commitment.account, model.sku.service, sku, model.sku.unit),
    region: model.region,
    subscription: commitment.id,
  };
}
