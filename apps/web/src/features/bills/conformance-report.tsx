import type { VersionConformance } from "@finops/capabilities/sources/contract";
import { decimal } from "@finops/kernel/decimal";
import { Percent } from "@finops/ui/figures/percent";
import { formatCount } from "@finops/ui/text/format-figure";
import { joinClasses } from "@finops/ui/text/join-classes";

/** A score, and what failed: by column, with the rows that break a rule and up to three of them. */
export function ConformanceReport({ report }: { report: VersionConformance }) {
  return (
    <div className="space-y-4 px-4 pb-4">
      <div className="flex flex-wrap items-baseline gap-x-6 gap-y-1">
        <p className="text-xl font-semibold">
          <Percent ratio={decimal(report.score).dividedBy(100).toString()} />
        </p>
        <p className="text-sm text-text-2">
          {formatCount(report.passed)} of {formatCount(report.rules)} rules of FOCUS {report.version} hold over{" "}
          {formatCount(report.rowsChecked)} rows
          {report.failed > 0 &&
            `; ${formatCount(report.failed)} fail, ${formatCount(report.failedMust)} of them a MUST`}
          .{report.notCheckable > 0 && ` ${formatCount(report.notCheckable)} more cannot be told from the data alone.`}
        </p>
      </div>
      {report.columns.map(({ column, rules }) => (
        <details key={column ?? ""} className="rounded-lg border border-line" open={report.columns.length <= 3}>
          <summary className="flex flex-wrap gap-x-3 px-3 py-2 text-sm hover:bg-surface-2">
            <span className="font-medium break-all">{column ?? "The data set as a whole"}</span>
            <span className="text-text-2">
              {rules.length === 1 ? "1 rule fails" : `${formatCount(rules.length)} rules fail`}
            </span>
          </summary>
          <ul className="divide-y divide-line border-t border-line">
            {rules.map((rule) => (
              <li key={rule.ruleId} className="space-y-2 px-3 py-2.5 text-sm">
                <p className="break-words">
                  <Keyword>{rule.keyword}</Keyword> {rule.sentence}
                </p>
                <p className="text-xs text-text-2">
                  {formatCount(rule.rows)} {rule.rows === "1" ? "row breaks" : "rows break"} it · {rule.ruleId}
                </p>
                {rule.examples.length > 0 && (
                  <ul aria-label="Example rows" className="space-y-1">
                    {rule.examples.map((example, index) => (
                      <li key={index} className="overflow-x-auto rounded-md bg-surface-2 px-2 py-1 font-mono text-xs">
                        {(example.file !== null || example.row !== null) && (
                          <span className="text-text-2">
                            {example.file ?? "row"}
                            {example.row !== null && `, row ${formatCount(example.row)}`}:{" "}
                          </span>
                        )}
                        {Object.entries(example.values)
                          .map(([name, value]) => `${name} = ${value ?? "(empty)"}`)
                          .join(" · ")}
                      </li>
                    ))}
                  </ul>
                )}
              </li>
            ))}
          </ul>
        </details>
      ))}
    </div>
  );
}

function Keyword({ children }: { children: string }) {
  return (
    <span
      className={joinClasses(
        "rounded-sm px-1 py-0.5 text-xs font-medium whitespace-nowrap",
        children.startsWith("MUST") ? "bg-negative-soft text-negative" : "bg-surface-3 text-text-2",
      )}
    >
      {children}
    </span>
  );
}
