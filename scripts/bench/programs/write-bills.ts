// `write-bills.ts KIND ROWS FOLDER`: one month of bills in one format.
import type { BillKind } from "@finops/bills/bill-truth";
import { generateBills } from "@finops/bills/generate-bills";

const [kind, rows, outDir] = process.argv.slice(2) as [BillKind, string, string];
const truth = await generateBills({
  rows: Number(rows),
  seed: 7,
  outDir,
  endMonth: "2026-10",
  months: 1,
  formats: [kind],
});
console.log(JSON.stringify({ rows: truth.rows }));
