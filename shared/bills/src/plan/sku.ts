import type { UsagePattern } from "./usage-patterns.ts";

/** One priced meter of a provider. `{…}` in names and resources is filled in when a resource is made of it. */
export interface Sku {
  /** Native service: product code, meter category, service description, ServiceName. */
  service: string;
  /** Usage type, meter name or SKU description. */
  name: string;
  operation: string;
  unit: string;
  /** List price per unit, as decimal text. */
  price: string;
  family: string;
  /** Template of a resource id; empty where the provider bills without one. */
  resource: string;
  pattern: UsagePattern;
  /** Shares of the provider's money and of its resources, relative. */
  money: number;
  resources: number;
  /** Sizes of a machine; the one is taken that fits the money. Its use is capped at 24 units a day. */
  sizes?: readonly MachineSize[];
  /** Only in accounts whose name has one of these words. */
  accounts?: readonly string[];
  /** Exists only where an event or an idle resource is planted. */
  plantedOnly?: boolean;
  /** Spot, or any other price that commitments do not reach. */
  dynamic?: boolean;
  /** Second meter of the same machine, such as GCP memory beside cores: units per unit of this one. */
  twin?: { name: string; price: string; unit: string; ratio: number };
}

export interface MachineSize {
  name: string;
  /** Units billed per hour of the machine, 1 except for GCP cores. */
  unitsPerHour: number;
  price: string;
  vcpu: number;
  memoryGiB: number;
}

type Row = readonly [
  service: string,
  name: string,
  operation: string,
  unit: string,
  price: string,
  family: string,
  resource: string,
  pattern: UsagePattern,
  money: number,
  resources: number,
  more?: Partial<Sku>,
];

/** Catalogues are written as one line per meter. */
export function skus(rows: readonly Row[]): Sku[] {
  return rows.map(([service, name, operation, unit, price, family, resource, pattern, money, resources, more]) => ({
    service,
    name,
    operation,
    unit,
    price,
    family,
    resource,
    pattern,
    money,
    resources,
    ...more,
  }));
}

/** Doubling sizes of one machine family: price, cores and memory grow together. */
export function doublingSizes(
  names: readonly string[],
  smallest: { price: string; vcpu: number; memoryGiB: number },
): MachineSize[] {
  return names.map((name, step) => ({
    name,
    unitsPerHour: 1,
    price: (Number(smallest.price) * 2 ** step).toFixed(4),
    vcpu: smallest.vcpu * 2 ** step,
    memoryGiB: smallest.memoryGiB * 2 ** step,
  }));
}
