import type { TagState } from "../bill-truth.ts";
import { type Account, accounts, teamOf } from "../plan/company.ts";
import type { FormatPlan } from "../plan/plan-bills.ts";
import { Random } from "../plan/random.ts";
import type { Commitment, Stream } from "../plan/stream.ts";
import type { Tags } from "../plan/tags.ts";
import { azureCategories, azureRegions } from "./azure-services.ts";

/** What a line of the cost file says beside its day, quantity and cost. */
export interface AzureText {
  id: number;
  account_id: string;
  account_name: string;
  /** Meter category. */
  service: string;
  currency: string;
  tag_state: TagState;
  resource_group: string;
  location: string;
  product: string;
  sub_category: string;
  meter_id: string;
  meter: string;
  meter_region: string;
  unit: string;
  consumed_service: string;
  resource_id: string;
  resource_name: string;
  tags: string;
  additional_info: string;
  family: string;
  part_number: string;
  publisher_type: string;
  publisher: string;
  plan: string;
  cost_center: string;
  section: string;
}

export const azureTextColumns: Record<keyof AzureText, string> = {
  id: "INTEGER",
  account_id: "VARCHAR",
  account_name: "VARCHAR",
  service: "VARCHAR",
  currency: "VARCHAR",
  tag_state: "VARCHAR",
  resource_group: "VARCHAR",
  location: "VARCHAR",
  product: "VARCHAR",
  sub_category: "VARCHAR",
  meter_id: "VARCHAR",
  meter: "VARCHAR",
  meter_region: "VARCHAR",
  unit: "VARCHAR",
  consumed_service: "VARCHAR",
  resource_id: "VARCHAR",
  resource_name: "VARCHAR",
  tags: "VARCHAR",
  additional_info: "VARCHAR",
  family: "VARCHAR",
  part_number: "VARCHAR",
  publisher_type: "VARCHAR",
  publisher: "VARCHAR",
  plan: "VARCHAR",
  cost_center: "VARCHAR",
  section: "VARCHAR",
};

export interface AzureTexts {
  texts: AzureText[];
  commitmentTexts: { commitment: number; text_id: number }[];
  marketplace: number;
  support: number;
  /** A reservation that was bought by mistake and returned the same day. */
  returned: number;
}

const firstChargeText = 200_000_000;

export function azureTextsOf(format: FormatPlan): AzureTexts {
  const texts = format.streams.map(streamText);
  let lastId = firstChargeText;
  const add = (text: Omit<AzureText, "id">): number => {
    texts.push({ ...text, id: ++lastId });
    return lastId;
  };
  const owner = accounts.find(({ name }) => name === "corp-erp-prod")!;
  const commitmentTexts = format.commitments.map((commitment) => ({
    commitment: commitment.index,
    text_id: add(commitmentText(commitment)),
  }));
  return {
    texts,
    commitmentTexts,
    marketplace: add({
      ...chargeText(owner, "SaaS", "Corkboard Planning - Team plan", "1 Month"),
      publisher_type: "Marketplace",
      publisher: "Corkboard Software",
      plan: "team",
    }),
    support: add(chargeText(owner, "Azure Support", "Azure Support - Professional Direct", "1 Month")),
    returned: add(
      chargeText(owner, "Virtual Machines", "Reserved VM Instance, Standard_D8s_v5, EU West, 1 Year", "1 Hour"),
    ),
  };
}

function streamText(stream: Stream): AzureText {
  const category = azureCategories[stream.sku.service]!;
  const region = azureRegions.find(({ location }) => location === stream.region)!;
  const isMachine = stream.sku.service === "Virtual Machines";
  const serviceType = isMachine ? `Standard_${stream.size!.name.replace(" ", "_")}` : "";
  return {
    id: stream.id,
    account_id: stream.account.id,
    account_name: stream.account.name,
    service: stream.sku.service,
    currency: stream.account.currency,
    tag_state: stream.tagState,
    resource_group: `rg-${stream.app}`,
    location: region.location,
    product: `${stream.sku.service} ${stream.sku.operation} - ${stream.meter} - ${region.display}`,
    sub_category: isMachine ? `Virtual Machines ${stream.sku.operation}` : stream.sku.operation,
    meter_id: new Random(`${stream.sku.service}/${stream.sku.operation}/${stream.meter}/${region.location}`).uuid(),
    meter: stream.meter,
    meter_region: region.meterRegion,
    unit: stream.sku.unit,
    consumed_service: category.consumedService,
    resource_id: stream.resourceId,
    resource_name: stream.resourceId.slice(stream.resourceId.lastIndexOf("/") + 1),
    tags: tagText(stream.tags),
    additional_info: isMachine
      ? JSON.stringify({
          UsageType: "ComputeHR",
          ImageType: "Canonical",
          ServiceType: serviceType,
          VMName: stream.resourceName,
          VCPUs: stream.size!.vcpu,
        })
      : "",
    family: category.serviceFamily,
    part_number: new Random(stream.meter).capitals(3) + "-" + new Random(stream.meter).digits(5),
    publisher_type: "Azure",
    publisher: "Microsoft",
    plan: "",
    cost_center: teamOf(stream.account).costCenter,
    section: "Harborline IT",
  };
}

/** The EA file writes tags as the inside of a JSON object, without its braces. */
function tagText(tags: Tags): string {
  return Object.entries(tags)
    .map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`)
    .join(",");
}

function chargeText(account: Account, service: string, product: string, unit: string): Omit<AzureText, "id"> {
  const category = azureCategories[service]!;
  return {
    account_id: account.id,
    account_name: account.name,
    service,
    currency: account.currency,
    tag_state: "untaggable",
    resource_group: "",
    location: "",
    product,
    sub_category: "",
    meter_id: new Random(product).uuid(),
    meter: product,
    meter_region: "",
    unit,
    consumed_service: category.consumedService,
    resource_id: "",
    resource_name: "",
    tags: "",
    additional_info: "",
    family: category.serviceFamily,
    part_number: new Random(product).capitals(3) + "-" + new Random(product).digits(5),
    publisher_type: "Azure",
    publisher: "Microsoft",
    plan: "",
    cost_center: teamOf(account).costCenter,
    section: "Harborline IT",
  };
}

function commitmentText(commitment: Commitment): Omit<AzureText, "id"> {
  const model = streamText(commitment.model);
  const years = `${commitment.termYears} Year${commitment.termYears > 1 ? "s" : ""}`;
  if (commitment.type === "savings-plan") {
    return {
      ...chargeText(commitment.account, "Virtual Machines", `Compute savings plan, ${years}`, "1 Hour"),
      consumed_service: "Microsoft.BillingBenefits",
      resource_id: commitment.id,
    };
  }
  return {
    ...chargeText(commitment.account, "Virtual Machines", model.product, "1 Hour"),
    sub_category: model.sub_category,
    meter: model.meter,
    meter_id: model.meter_id,
    meter_region: model.meter_region,
    location: model.location,
    consumed_service: "Microsoft.Capacity",
    resource_id: commitment.id,
  };
}
