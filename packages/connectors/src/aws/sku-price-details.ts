import type { CurColumn } from "./cur-columns.ts";

/** SQL for SkuPriceDetails: FOCUS's own keys where it has one, numbers as numbers in FOCUS's units, other keys with `x_`. */
export function skuPriceDetails(attribute: (column: CurColumn) => string): string {
  const instanceType = attribute("instance_type");
  const entries = [
    text("InstanceType", instanceType),
    text("InstanceSeries", `CASE WHEN ${instanceType} LIKE '%.%.%' THEN split_part(${instanceType}, '.', 2) ELSE nullif(split_part(${instanceType}, '.', 1), '') END`),
    number("CoreCount", attribute("vcpu")),
    // AWS writes "0.5 GiB" and "1,952 GiB"; "NA" is no number and is left out.
    number("MemorySize", `replace(split_part(${attribute("memory")}, ' ', 1), ',', '')`),
    number("GpuCount", attribute("gpu")),
    text("OperatingSystem", attribute("operating_system")),
    text("StorageClass", attribute("storage_class")),
    text("DiskType", attribute("volume_api_name")),
    text("x_DatabaseEngine", attribute("database_engine")),
  ];
  return `nullif('{' || concat_ws(',', ${entries.join(", ")}) || '}', '{}')`;
}

function text(key: string, sql: string): string {
  return `'"${key}":' || CAST(to_json(${sql}) AS VARCHAR)`;
}

function number(key: string, sql: string): string {
  return `CASE WHEN TRY_CAST(${sql} AS DECIMAL(18,4)) IS NOT NULL THEN '"${key}":' || ${sql} END`;
}
