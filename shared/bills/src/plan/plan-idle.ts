import type { BillKind } from "../bill-truth.ts";
import { accounts } from "./company.ts";
import { type StreamOrder, catalogues, plantStream } from "./plan-streams.ts";
import type { Stream } from "./stream.ts";

interface IdlePlan {
  kind: string;
  service: string;
  sku: string;
  account: string;
  costPerMonth: number;
  count: number;
}

/** Things that cost money and do nothing: nobody attached them, or no traffic comes. */
const idlePlans: Partial<Record<BillKind, readonly IdlePlan[]>> = {
  "aws-cur2": [
    {
      kind: "unattached-volume",
      service: "AmazonEC2",
      sku: "EBS:VolumeUsage.gp3",
      account: "data-platform-dev",
      costPerMonth: 160,
      count: 2,
    },
    {
      kind: "unattached-volume",
      service: "AmazonEC2",
      sku: "EBS:VolumeUsage.gp2",
      account: "storefront-dev",
      costPerMonth: 90,
      count: 1,
    },
    {
      kind: "idle-load-balancer",
      service: "AWSELB",
      sku: "LoadBalancerUsage",
      account: "fulfilment-dev",
      costPerMonth: 16,
      count: 1,
    },
    {
      kind: "idle-address",
      service: "AmazonVPC",
      sku: "PublicIPv4:IdleAddress",
      account: "network-shared",
      costPerMonth: 4,
      count: 2,
    },
    {
      kind: "idle-nat-gateway",
      service: "AmazonEC2",
      sku: "NatGateway-Hours",
      account: "ml-research-dev",
      costPerMonth: 33,
      count: 1,
    },
    {
      kind: "old-snapshot",
      service: "AmazonEC2",
      sku: "EBS:SnapshotUsage",
      account: "data-platform-prod",
      costPerMonth: 240,
      count: 1,
    },
  ],
  azure: [
    {
      kind: "unattached-disk",
      service: "Storage",
      sku: "P30 LRS Disk",
      account: "stores-pos-dev",
      costPerMonth: 135,
      count: 1,
    },
    {
      kind: "empty-app-service-plan",
      service: "Azure App Service",
      sku: "P1 v3 App",
      account: "sandbox-dev",
      costPerMonth: 82,
      count: 1,
    },
    {
      kind: "idle-address",
      service: "Virtual Network",
      sku: "Standard IPv4 Static Public IP",
      account: "corp-erp-test",
      costPerMonth: 3.6,
      count: 1,
    },
  ],
  gcp: [
    {
      kind: "idle-address",
      service: "Compute Engine",
      sku: "Static Ip Charge",
      account: "harborline-maps-dev",
      costPerMonth: 7,
      count: 1,
    },
    {
      kind: "unattached-disk",
      service: "Compute Engine",
      sku: "SSD backed PD Capacity",
      account: "harborline-mobile-dev",
      costPerMonth: 85,
      count: 1,
    },
  ],
};

/** Plants idle resources; they stand beside the planned streams and are billed every day without change. */
export function planIdleResources(order: StreamOrder, streams: Stream[]): void {
  for (const plan of idlePlans[order.kind] ?? []) {
    const account = accounts.find((candidate) => candidate.kind === order.kind && candidate.name === plan.account)!;
    const sku = catalogues[order.kind].skus.find(
      (candidate) => candidate.service === plan.service && candidate.name.startsWith(plan.sku),
    )!;
    for (let i = 0; i < plan.count; i++) {
      const stream = plantStream(order, sku, account, plan.costPerMonth);
      streams.push(Object.assign(stream, { idleKind: plan.kind, pattern: "always", growthPerMonth: 0 }));
    }
  }
}
