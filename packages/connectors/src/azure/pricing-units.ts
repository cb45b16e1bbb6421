import type { FactTable } from "../format.ts";

/** What Azure counts, in lower case and in the singular or plural as found in bills, and the FOCUS unit for it. */
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
  "subscriptions": "Subscriptions", "s": "Transactions", "1 hour": "Hours", "hora": "Hours", "stunde": "Hours", "stunden": "Hours", "por mes": "Months", "gb/monat": "GB-Months",
  "gb/mes": "GB-Months", "gb / month": "GB-Months", "callingminutes": "Minutes", "minute(s)": "Minutes", "per call": "Calls", "per request": "Requests", "text": "Messages",
  "unassigned": "Units", "licenses": "Licenses", "agents": "Agents", "website": "Websites", "sites": "Sites", "service endpoints": "Endpoints",
};

/** How many units Azure prices at once. */
const blocks = [
  "1", "2", "5", "10", "20", "25", "50", "60", "100", "128", "150", "200", "250", "500", "744", "1000", "1024", "2000", "5000", "10000", "20000", "25000", "50000", "100000", "200000", "250000", "500000",
  "1000000", "2000000", "2500000", "5000000", "10000000", "100000000", "1000000000", "5000000000", "10000000000", "100000000000",
];

/** `word` is UnitOfMeasure in lower case without the number and K, M or B that it begins with: `gb/month` of "10 GB/Month". */
export const azureUnitWords: FactTable = { name: "azure_unit_words", columns: ["word", "focus_unit"], rows: Object.entries(units) };

/** `inverse` is 1 divided by the block. */
export const azureUnitBlocks: FactTable = { name: "azure_unit_blocks", columns: ["size", "inverse"], rows: blocks.map((block) => [block, inverse(block)]) };

/** To 26 places, the most that a stored cost has; exact for the blocks that are products of 2 and 5. */
function inverse(block: string): string {
  const digits = (10n ** 26n / BigInt(block)).toString().padStart(27, "0");
  return `${digits.slice(0, -26)}.${digits.slice(-26)}`.replace(/\.?0+$/, "");
}
