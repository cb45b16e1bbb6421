import type { TagState } from "../bill-truth.ts";
import { type Account, accounts } from "../plan/company.ts";
import type { FormatPlan } from "../plan/plan-bills.ts";
import { Random } from "../plan/random.ts";
import type { Stream } from "../plan/stream.ts";

/** What a row of a vendor's FOCUS file says beside its period, quantity and cost. */
export interface VendorText {
  id: number;
  provider: string;
  account_id: string;
  account_name: string;
  service: string;
  currency: string;
  tag_state: TagState;
  category: string;
  subcategory: string;
  description: string;
  sku_id: string | null;
  /** Priced in blocks, such as 1000000 Tokens; consumed in single ones. */
  unit: string | null;
  block: number;
  consumed_unit: string | null;
  resource_id: string | null;
  resource_name: string | null;
  resource_type: string | null;
  tags: string;
}

export const vendorTextColumns: Record<keyof VendorText, string> = {
  id: "INTEGER",
  provider: "VARCHAR",
  account_id: "VARCHAR",
  account_name: "VARCHAR",
  service: "VARCHAR",
  currency: "VARCHAR",
  tag_state: "VARCHAR",
  category: "VARCHAR",
  subcategory: "VARCHAR",
  description: "VARCHAR",
  sku_id: "VARCHAR",
  unit: "VARCHAR",
  block: "INTEGER",
  consumed_unit: "VARCHAR",
  resource_id: "VARCHAR",
  resource_name: "VARCHAR",
  resource_type: "VARCHAR",
  tags: "VARCHAR",
};

export interface VendorTexts {
  texts: VendorText[];
  quillmindCredit: number;
  sightlinePlatformFee: number;
  sightlineTax: number;
}

const firstChargeText = 400_000_000;

export function vendorTextsOf(format: FormatPlan): VendorTexts {
  const assistant = accounts.find(({ name }) => name === "assistant-prod")!;
  const observability = accounts.find(({ provider }) => provider === "Sightline")!;
  const charges = [
    chargeText(
      firstChargeText,
      assistant,
      "Quillmind Inference",
      "AI and Machine Learning",
      "Generative AI",
      "Launch partner credit",
    ),
    chargeText(
      firstChargeText + 1,
      observability,
      "Sightline Platform",
      "Management and Governance",
      "Observability",
      "Platform fee, enterprise",
    ),
    chargeText(
      firstChargeText + 2,
      observability,
      "Sightline Platform",
      "Other",
      "Other (Other)",
      "Value added tax 19 %",
    ),
  ];
  return {
    texts: [...format.streams.map(streamText), ...charges],
    quillmindCredit: firstChargeText,
    sightlinePlatformFee: firstChargeText + 1,
    sightlineTax: firstChargeText + 2,
  };
}

function streamText(stream: Stream): VendorText {
  const { account, sku } = stream;
  return {
    ...chargeText(stream.id, account, sku.service, sku.operation, sku.family, `${sku.service}: ${stream.meter}`),
    tag_state: stream.tagState,
    tags: JSON.stringify(stream.tags),
    sku_id: `${account.provider.slice(0, 2).toUpperCase()}-${new Random(sku.name).capitals(8)}`,
    unit: sku.unit,
    block: Number.parseInt(sku.unit, 10) || 1,
    consumed_unit: sku.unit.replace(/^\d+ /, ""),
    resource_id: stream.resourceId,
    resource_name: stream.resourceId.slice(stream.resourceId.lastIndexOf("/") + 1),
    resource_type: stream.resourceId.split("/")[0]!,
  };
}

function chargeText(
  id: number,
  account: Account,
  service: string,
  category: string,
  subcategory: string,
  description: string,
): VendorText {
  return {
    id,
    provider: account.provider,
    account_id: account.id,
    account_name: account.name,
    service,
    currency: account.currency,
    tag_state: "untaggable",
    category,
    subcategory,
    description,
    sku_id: null,
    unit: null,
    block: 1,
    consumed_unit: null,
    resource_id: null,
    resource_name: null,
    resource_type: null,
    tags: "{}",
  };
}
