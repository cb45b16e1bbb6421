// `write-bills.ts KIND ROWS MONTHS FOLDER`: bills in one format, up to October 2026.
import type { BillKind } from "@finops/bills/bill-truth";
import { generateBills } from "@finops/bills/generate-bills";

const [kind, rows, months, outDir] = process.argv.slice(2) as [BillKind, string, string, string];
const truth = await generateBills({
  rows: Number(rows),
  seed: 7,
  outDir,
  endMonth: "2026-10",
  months: Number(months),
  formats: [kind],
});
console.log(JSON.stringify({ rows: truth.rows }));
