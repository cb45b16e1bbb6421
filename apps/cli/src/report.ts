import type { ImportReport } from "@finops/capabilities/sources/contract";
import { decimal, zero } from "@finops/kernel/decimal";

type ByCurrency = Record<string, string>;

/** One object for all deliveries of a command: sums where sums make sense, and each delivery's own report in `imports`. */
export function joinReports(reports: readonly ImportReport[]): object {
  if (reports.length === 1) return reports[0]!;
  const count = (pick: (report: ImportReport) => number) => reports.reduce((sum, report) => sum + pick(report), 0);
  const costs = (pick: (report: ImportReport) => ByCurrency) => addCosts(reports.map(pick));
  const rules = [...new Set(reports.flatMap((report) => report.bridge.map((rule) => rule.rule)))].toSorted();
  const checked = reports.flatMap((report) => (report.conformance === null ? [] : [report.conformance]));
  return {
    source: [...new Set(reports.map((report) => report.source))].join(","),
    files: count((report) => report.files),
    rowsRead: count((report) => report.rowsRead),
    rowsMapped: count((report) => report.rowsMapped),
    rowsRejected: count((report) => report.rowsRejected),
    rowsDropped: count((report) => report.rowsDropped),
    rowsDerived: count((report) => report.rowsDerived),
    rowsPublished: count((report) => report.rowsPublished),
    periods: [...new Set(reports.flatMap((report) => report.periods))].toSorted(),
    rawCost: costs((report) => report.rawCost),
    bridge: rules.map((rule) => {
      const of = reports.flatMap((report) => report.bridge.filter((one) => one.rule === rule));
      return { rule, rows: of.reduce((sum, one) => sum + one.rows, 0), cost: addCosts(of.map((one) => one.cost)) };
    }),
    rejectedCost: costs((report) => report.rejectedCost),
    billedCost: costs((report) => report.billedCost),
    effectiveCost: costs((report) => report.effectiveCost),
    conformance:
      checked.length === 0
        ? null
        : {
            version: checked[0]!.version,
            rules: Math.max(...checked.map((one) => one.rules)),
            failed: Math.max(...checked.map((one) => one.failed)),
          },
    unchanged: reports.every((report) => report.unchanged),
    durationMs: count((report) => report.durationMs),
    imports: reports,
  };
}

function addCosts(costs: readonly ByCurrency[]): ByCurrency {
  const currencies = [...new Set(costs.flatMap((cost) => Object.keys(cost)))];
  return Object.fromEntries(
    currencies.map((currency) => [
      currency,
      costs.reduce((sum, cost) => sum.plus(decimal(cost[currency] ?? "0")), zero).toString(),
    ]),
  );
}

/** A report for people, on stdout. */
export function printReport(report: ImportReport): void {
  const lines = [`${report.sourceName} (${report.format}): ${report.because}`];
  if (report.unchanged) lines.push("  The same content is current already; nothing was changed.");
  lines.push(
    `  rows       ${report.rowsRead} read = ${report.rowsMapped} mapped + ${report.rowsRejected} rejected + ${report.rowsDropped} dropped`,
    `             ${report.rowsPublished} published = ${report.rowsMapped} mapped + ${report.rowsDerived} derived`,
    `  periods    ${report.periods.join(", ")}`,
    `  raw cost   ${costText(report.rawCost)}`,
    ...report.bridge.map((rule) => `   + ${rule.rule} (${rule.rows} rows)  ${costText(rule.cost)}`),
    `  = billed   ${costText(report.billedCost)}`,
    `  + rejected ${costText(report.rejectedCost)}`,
    `  effective  ${costText(report.effectiveCost)}`,
  );
  if (report.conformance !== null)
    lines.push(
      `  FOCUS ${report.conformance.version}  ${report.conformance.rules - report.conformance.failed} of ${report.conformance.rules} rules hold (${report.conformance.score} %)`,
    );
  for (const period of report.restated) {
    lines.push(
      `  restated   ${period.period}: ${period.rowsAdded} rows added, ${period.rowsRemoved} removed, ${period.rowsChanged} changed; billed ${costText(period.billedBefore)} before, ${costText(period.billedAfter)} now`,
    );
    for (const group of period.groups.slice(0, 5))
      lines.push(
        `               ${group.serviceName ?? "no service"}, ${group.account ?? "no account"}: ${group.billedBefore} ${group.currency} before, ${group.billedAfter} now`,
      );
  }
  for (const note of report.notes) lines.push(`  note       ${note}`);
  for (const reject of report.rejects.slice(0, 10))
    lines.push(
      `  rejected   ${reject.rows} × ${reject.file}${reject.line === null ? "" : ` line ${reject.line}`}: ${reject.reason}`,
    );
  for (const { file, because } of report.ignored.slice(0, 10)) lines.push(`  ignored    ${file}: ${because}`);
  process.stdout.write(`${lines.join("\n")}\n  took       ${(report.durationMs / 1000).toFixed(1)} s\n`);
}

function costText(costs: ByCurrency): string {
  const entries = Object.entries(costs);
  return entries.length === 0 ? "0" : entries.map(([currency, amount]) => `${amount} ${currency}`).join(", ");
}
