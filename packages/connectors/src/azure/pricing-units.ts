import type { FactTable } from "../format.ts";

/** How Azure writes what is counted, in lower case and the singular or plural as found, and the FOCUS unit for it. */
const units: Readonly<Record<string, string>> = {
  "": "Units", "unit": "Units", "units": "Units", "count": "Units", "/hour": "Unit-Hours", "/day": "Unit-Days", "/month": "Unit-Months", "/year": "Unit-Years",
  "/minute": "Unit-Minutes", "/second": "Unit-Seconds", "hourly unit": "Unit-Hours", "hourly units": "Unit-Hours", "daily unit": "Unit-Days", "daily units": "Unit-Days",
  "unit hour": "Unit-Hours", "unit hours": "Unit-Hours", "unit/hour": "Unit-Hours", "units/hour": "Unit-Hours",
  "second": "Seconds", "seconds": "Seconds", "minute": "Minutes", "minutes": "Minutes", "hour": "Hours", "hours": "Hours", "hrs": "Hours", "day": "Days", "days": "Days",
  "month": "Months", "months": "Months", "year": "Years", "years": "Years", "content hours": "Hours", "instance hours": "Hours", "relay hours": "Hours", "relay hrs": "Hours",
  "core hours": "Core-Hours", "core hrs": "Core-Hours", "vcore hour": "Core-Hours", "vcore hours": "Core-Hours", "vcpu hour": "Core-Hours", "vcpu hours": "Core-Hours",
  "db hours": "Database-Hours", "dbu hours": "DBU-Hours", "virtual user minutes": "User-Minutes",
  "mb": "MB", "mb/day": "MB-Days", "mb/month": "MB-Months", "gb": "GB", "gb/hour": "GB-Hours", "gb/day": "GB-Days", "gb/month": "GB-Months", "gb hour": "GB-Hours",
  "gb hours": "GB-Hours", "gb second": "GB-Seconds", "gb seconds": "GB-Seconds", "gib": "GiB", "gib/hour": "GiB-Hours", "gib/day": "GiB-Days", "gib/month": "GiB-Months",
  "gib hour": "GiB-Hours", "gib hours": "GiB-Hours", "gib minute": "GiB-Minutes", "gib second": "GiB-Seconds", "gib seconds": "GiB-Seconds",
  "tb": "TB", "tb/hour": "TB-Hours", "tb/day": "TB-Days", "tb/month": "TB-Months", "tb hour": "TB-Hours", "tb hours": "TB-Hours", "tb second": "TB-Seconds",
  "tib": "TiB", "tib/hour": "TiB-Hours", "tib/month": "TiB-Months", "tib hour": "TiB-Hours", "tib hours": "TiB-Hours", "tib second": "TiB-Seconds",
  "pb/hour": "PB-Hours", "pib/hour": "PiB-Hours", "pb second": "PB-Seconds", "pb seconds": "PB-Seconds", "pib seconds": "PiB-Seconds", "mbps": "Mbps",
  "iops/month": "IOPS-Months", "cubic meter/month": "Cubic Meter-Months", "transaction": "Transactions", "transactions": "Transactions", "operation": "Operations",
  "operations": "Operations", "request": "Requests", "requests": "Requests", "api calls": "Requests", "apis": "Requests", "call": "Calls", "calls": "Calls",
  "execution": "Executions", "executions": "Executions", "activity runs": "Runs", "activities": "Activities", "actions": "Actions", "events": "Events",
  "message": "Messages", "messages": "Messages", "pushes": "Pushes", "queries": "Queries", "tokens": "Tokens", "images": "Images", "pages": "Pages", "characters": "Characters",
  "faces": "Faces", "predictions": "Predictions", "renders": "Renders", "checks": "Checks", "data points": "Data Points", "authentications": "Authentications",
  "user": "Users", "users": "Users", "named users": "Users", "maus": "User-Months", "daily user": "User-Days", "device": "Devices", "devices": "Devices", "node": "Nodes",
  "nodes": "Nodes", "vm": "Virtual Machines", "virtual machine": "Virtual Machines", "connection": "Connections", "connections": "Connections", "key": "Keys", "keys": "Keys",
  "key use": "Keys", "rotation": "Rotations", "rotations": "Rotations", "certificate": "Certificates", "plan": "Plans", "plans": "Plans", "policies": "Policies",
  "pipeline": "Pipelines", "pipelines": "Pipelines", "resource": "Resources", "zones": "Zones", "hosted zones": "Zones", "subscription": "Subscriptions",
  "subscriptions": "Subscriptions", "licenses": "Licenses", "agents": "Agents", "website": "Websites", "sites": "Sites", "service endpoints": "Endpoints",
};

/** Blocks in which Azure prices, as they are written. `K`, `M` and `B` are a thousand, a million and a thousand million. */
const blocks: Readonly<Record<string, string>> = {
  "": "1", "1": "1", "2": "2", "5": "5", "10": "10", "20": "20", "50": "50", "60": "60", "100": "100", "128": "128", "150": "150", "200": "200", "250": "250", "500": "500", "744": "744",
  "1k": "1000", "2k": "2000", "5k": "5000", "10k": "10000", "20k": "20000", "25k": "25000", "50k": "50000", "100k": "100000", "200k": "200000", "250k": "250000", "500k": "500000",
  "1m": "1000000", "2m": "2000000", "5m": "5000000", "10m": "10000000", "100m": "100000000", "1b": "1000000000", "10b": "10000000000", "100b": "100000000000",
  "1000": "1000", "2000": "2000", "5000": "5000", "10000": "10000", "20000": "20000", "25000": "25000", "50000": "50000", "100000": "100000", "200000": "200000", "250000": "250000",
  "500000": "500000", "1000000": "1000000", "2000000": "2000000", "5000000": "5000000", "10000000": "10000000", "100000000": "100000000", "1000000000": "1000000000",
};

/** Units that are no block and a word. */
const whole: readonly (readonly [key: string, block: string, unit: string])[] = [
  ["10000s", "10000", "Transactions"], ["1 million", "1000000", "Units"], ["1 1 hour", "1", "Hours"], ["1 hora", "1", "Hours"], ["1 stunde", "1", "Hours"], ["1 por mes", "1", "Months"],
  ["1 gb/monat", "1", "GB-Months"], ["1 gb/mes", "1", "GB-Months"], ["callingminutes", "1", "Minutes"], ["minute(s)", "1", "Minutes"], ["per call", "1", "Calls"], ["per request", "1", "Requests"],
  ["text", "1", "Messages"], ["unassigned", "1", "Units"], ["gb / month", "1", "GB-Months"],
];

/**
 * `unit_key` is UnitOfMeasure in lower case, trimmed and without thousands separators. `inverse` is 1 divided by the block.
 * What the table lacks, the mapping splits by pattern.
 */
export const azurePricingUnits: FactTable = {
  name: "azure_pricing_units",
  columns: ["unit_key", "block", "inverse", "focus_unit"],
  rows: [...unitRows()].map(([key, [block, unit]]) => [key, block, inverse(block), unit]),
};

function unitRows(): Map<string, readonly [block: string, unit: string]> {
  const rows = new Map<string, readonly [string, string]>();
  for (const [written, block] of Object.entries(blocks)) {
    for (const [word, unit] of Object.entries(units)) {
      if (written === "" && (word === "" || word.startsWith("/"))) continue;
      rows.set(`${written} ${word}`.trim(), [block, unit]);
      if (word.startsWith("/")) rows.set(`${written}${word}`, [block, unit]);
    }
  }
  for (const [key, block, unit] of whole) rows.set(key, [block, unit]);
  return rows;
}

/** To 26 places, the most that a stored cost has; exact for the blocks that are products of 2 and 5. */
function inverse(block: string): string {
  const digits = (10n ** 26n / BigInt(block)).toString().padStart(27, "0");
  return `${digits.slice(0, -26)}.${digits.slice(-26)}`.replace(/\.?0+$/, "");
}
