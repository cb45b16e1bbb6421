import type { CurColumn } from "./cur-columns.ts";

type Attribute = (column: CurColumn) => string;

/** Steps that `skuPriceDetails` builds on: attributes that it reads more than once, taken from their map once. */
export function skuPriceSteps(attribute: Attribute): Record<string, string> {
  const ofMachine = (column: CurColumn) => `CASE WHEN instance_type IS NOT NULL THEN ${attribute(column)} END`;
  return {
    machine_vcpu: ofMachine("vcpu"),
    machine_gpu: ofMachine("gpu"),
    // AWS writes "0.5 GiB" and "1,952 GiB"; "NA" is no number and is left out.
    machine_memory: `CASE WHEN instance_type IS NOT NULL THEN replace(split_part(${attribute("memory")}, ' ', 1), ',', '') END`,
  };
}

/**
 * SQL for SkuPriceDetails: FOCUS's own keys where it has one, numbers as numbers in FOCUS's units, other keys with `x_`.
 * Attributes are looked up only where AWS has them: those of a machine beside an instance type, the rest by product.
 */
export function skuPriceDetails(attribute: Attribute): string {
  const machine = [
    text("InstanceType", "instance_type"),
    text(
      "InstanceSeries",
      "CASE WHEN split_part(instance_type, '.', 3) <> '' THEN split_part(instance_type, '.', 2) ELSE split_part(instance_type, '.', 1) END",
    ),
    number("CoreCount", "machine_vcpu"),
    number("MemorySize", "machine_memory"),
    number("GpuCount", "machine_gpu"),
    text("OperatingSystem", attribute("operating_system")),
    text("x_DatabaseEngine", attribute("database_engine")),
  ];
  const storage = [text("StorageClass", attribute("storage_class")), text("DiskType", attribute("volume_api_name"))];
  return `CASE
        WHEN instance_type IS NOT NULL THEN ${object(machine)}
        WHEN product_code = 'AmazonS3' OR contains(usage_type, 'Volume') THEN ${object(storage)} END`;
}

function object(entries: readonly string[]): string {
  return `nullif('{' || concat_ws(',', ${entries.join(", ")}) || '}', '{}')`;
}

function text(key: string, sql: string): string {
  return `'"${key}":' || CAST(to_json(${sql}) AS VARCHAR)`;
}

function number(key: string, sql: string): string {
  return `CASE WHEN TRY_CAST(${sql} AS DECIMAL(18,4)) IS NOT NULL THEN '"${key}":' || ${sql} END`;
}
