import type { BillKind } from "../bill-truth.ts";

/** Harborline, an online grocer with its own delivery, that bought the analytics company Tern and kept its payer account. */
export const companyName = "Harborline";

export type Environment = "production" | "staging" | "development" | "shared";

export interface Account {
  id: string;
  name: string;
  kind: BillKind;
  provider: string;
  team: string;
  environment: Environment;
  /** Share of the format's cost, relative. */
  weight: number;
  currency: string;
}

export interface Team {
  name: string;
  costCenter: string;
  owner: string;
  apps: readonly string[];
}

export const teams: readonly Team[] = [
  { name: "storefront", costCenter: "CC-1010", owner: "m.okafor", apps: ["web-shop", "catalog", "reviews"] },
  { name: "checkout", costCenter: "CC-1020", owner: "l.brandt", apps: ["cart", "payments", "fraud-check"] },
  { name: "search", costCenter: "CC-1030", owner: "y.tanaka", apps: ["search-api", "indexer"] },
  { name: "data-platform", costCenter: "CC-2010", owner: "p.silva", apps: ["lakehouse", "ingest", "orchestration"] },
  { name: "ml", costCenter: "CC-2020", owner: "a.novak", apps: ["recommender", "demand-forecast", "assistant"] },
  { name: "fulfilment", costCenter: "CC-3010", owner: "j.mbeki", apps: ["routing", "warehouse", "driver-app"] },
  { name: "platform", costCenter: "CC-4010", owner: "s.lindqvist", apps: ["shared-cluster", "ci", "registry"] },
  { name: "security", costCenter: "CC-4020", owner: "d.rossi", apps: ["audit-log", "siem"] },
  { name: "corporate-it", costCenter: "CC-5010", owner: "h.weiss", apps: ["erp", "intranet", "identity"] },
  { name: "stores", costCenter: "CC-3020", owner: "c.dubois", apps: ["point-of-sale", "stock"] },
  { name: "tern", costCenter: "CC-2090", owner: "r.haugen", apps: ["tern-reports", "tern-ingest"] },
];

export const awsPayer = { id: "418273650912", name: "harborline-management" };
export const ternPayer = { id: "730519284466", name: "tern-management" };
export const azureEnrollment = { id: "8746120", name: "Harborline Group" };
export const gcpBillingAccount = "01F3A8-7C24D9-5B60E1";
export const gcpOrganization = "587203914466";

const environments: Record<string, Environment> = {
  prod: "production",
  stage: "staging",
  test: "staging",
  dev: "development",
};

export const accounts: readonly Account[] = [
  ...aws("aws-cur2", [
    ["204918365571", "storefront-prod", "storefront", 16],
    ["318840276195", "storefront-stage", "storefront", 2.5],
    ["465207719038", "storefront-dev", "storefront", 2],
    ["572913046628", "checkout-prod", "checkout", 11],
    ["689350127744", "checkout-stage", "checkout", 1.5],
    ["127746893305", "search-prod", "search", 9],
    ["836104592217", "data-platform-prod", "data-platform", 15],
    ["941276038856", "data-platform-dev", "data-platform", 2.5],
    ["150382947761", "ml-prod", "ml", 9],
    ["263495108827", "ml-research-dev", "ml", 5],
    ["377061842959", "fulfilment-prod", "fulfilment", 10],
    ["481629350714", "fulfilment-dev", "fulfilment", 1.5],
    ["594730261883", "platform-shared", "platform", 8],
    ["608214937520", "network-shared", "platform", 3],
    ["713958204646", "security-audit", "security", 2.5],
    [awsPayer.id, awsPayer.name, "platform", 0.6],
  ]),
  ...aws("aws-cur-legacy", [
    ["846025173390", "tern-reports-prod", "tern", 10],
    ["952347618802", "tern-ingest-prod", "tern", 8],
    ["168594023377", "tern-lab-dev", "tern", 3],
    ["275810346619", "tern-shared", "tern", 2],
    [ternPayer.id, ternPayer.name, "tern", 0.5],
  ]),
  ...azure([
    ["2f0c6a1e-58d4-4b7b-9a35-1d7be0c94f10", "corp-erp-prod", "corporate-it", 10],
    ["7b9e41d2-03ac-4e68-8f11-c2a4560de7b3", "corp-erp-test", "corporate-it", 2],
    ["c41d7f90-6b2e-4c05-b3d8-9e80172a5f64", "retail-bi-prod", "data-platform", 6],
    ["0a83be57-f149-4d3a-a6c2-48f7d90b13e5", "identity-prod", "corporate-it", 2],
    ["91e50c3b-24d7-4f8c-b06e-3fa15d72c8a9", "stores-pos-prod", "stores", 8],
    ["e6d2870f-b5c9-4a14-97f3-06cb84e1d52a", "stores-pos-dev", "stores", 1.5],
    ["5c17f4a8-9e36-40bd-8d2b-71a9c3e0f846", "customer-care-prod", "storefront", 4],
    ["b80d3e62-1a7f-45c9-a4e0-dc52f96137b8", "sandbox-dev", "platform", 1],
  ]),
  ...gcp([
    ["harborline-maps-prod", "fulfilment", 8],
    ["harborline-maps-dev", "fulfilment", 1.5],
    ["harborline-ads-analytics-prod", "data-platform", 6],
    ["harborline-data-lake-prod", "data-platform", 7],
    ["harborline-ml-serving-prod", "ml", 6],
    ["harborline-mobile-prod", "storefront", 5],
    ["harborline-mobile-dev", "storefront", 1],
    ["harborline-shared-vpc", "platform", 2],
  ]),
  {
    id: "ws-7f21c0",
    name: "assistant-prod",
    kind: "focus-1.2",
    provider: "Quillmind",
    team: "ml",
    environment: "production",
    weight: 8,
    currency: "USD",
  },
  {
    id: "ws-b93e58",
    name: "research-dev",
    kind: "focus-1.2",
    provider: "Quillmind",
    team: "ml",
    environment: "development",
    weight: 2,
    currency: "USD",
  },
  {
    id: "org-44810",
    name: "harborline-eu",
    kind: "focus-1.2",
    provider: "Sightline",
    team: "platform",
    environment: "shared",
    weight: 1,
    currency: "EUR",
  },
];

export function teamOf(account: Account): Team {
  return teams.find((team) => team.name === account.team)!;
}

function aws(kind: BillKind, rows: readonly [string, string, string, number][]): Account[] {
  return rows.map(([id, name, team, weight]) => ({
    id,
    name,
    kind,
    provider: "AWS",
    team,
    environment: environmentOf(name),
    weight,
    currency: "USD",
  }));
}

function azure(rows: readonly [string, string, string, number][]): Account[] {
  return rows.map(([id, name, team, weight]) => ({
    id,
    name,
    kind: "azure",
    provider: "Microsoft",
    team,
    environment: environmentOf(name),
    weight,
    currency: "USD",
  }));
}

function gcp(rows: readonly [string, string, number][]): Account[] {
  return rows.map(([id, team, weight]) => ({
    id,
    name: id,
    kind: "gcp",
    provider: "Google Cloud",
    team,
    environment: environmentOf(id),
    weight,
    currency: "USD",
  }));
}

function environmentOf(name: string): Environment {
  return environments[name.slice(name.lastIndexOf("-") + 1)] ?? "shared";
}
