import type { CurColumn } from "./cur-columns.ts";

/**
 * SQL for SkuPriceDetails: FOCUS's own keys where it has one, numbers as numbers in FOCUS's units, other keys with `x_`.
 * Attributes are looked up only where AWS has them: those of a machine beside an instance type, the rest by product.
 */
export function skuPriceDetails(attribute: (column: CurColumn) => string): string {
  const memory = attribute("memory");
  const machine = [
    text("InstanceType", "instance_type"),
    text(
      "InstanceSeries",
      "CASE WHEN split_part(instance_type, '.', 3) <> '' THEN split_part(instance_type, '.', 2) ELSE split_part(instance_type, '.', 1) END",
    ),
    number("CoreCount", attribute("vcpu")),
    // AWS writes "0.5 GiB" and "1,952 GiB"; "NA" is no number and is left out.
    number(
      "MemorySize",
      `CASE WHEN contains(${memory}, ',') THEN replace(split_part(${memory}, ' ', 1), ',', '') ELSE split_part(${memory}, ' ', 1) END`,
    ),
    number("GpuCount", attribute("gpu")),
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
