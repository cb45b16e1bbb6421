import { type NamedReport as ImportReport, ruleName } from "@finops/capabilities/sources/contract";
import { decimal } from "@finops/kernel/decimal";
import { parseDay } from "@finops/kernel/period";
import { Count } from "@finops/ui/figures/count";
import { Money } from "@finops/ui/figures/money";
import { Percent } from "@finops/ui/figures/percent";
import { Notice } from "@finops/ui/states/notice";
import { formatDay } from "@finops/ui/text/format-day";
import { formatCount, formatDuration } from "@finops/ui/text/format-figure";
import { joinClasses } from "@finops/ui/text/join-classes";
import { Check, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { RejectedRows } from "./rejected-rows.tsx";
import { doRowsAddUp, type Ledger, ledgersOf } from "./reconciliation.ts";

/** What an import did, row by row and cent by cent, with the sums that prove it. */
export function ImportReportView({ report }: { report: ImportReport }) {
  return (
    <article aria-label={`Report of ${report.sourceName}`} className="mt-3 rounded-lg border border-line">
      <header className="flex flex-wrap items-baseline gap-x-3 gap-y-1 border-b border-line bg-surface-2 px-4 py-2.5">
        <h3 className="font-semibold" dir="auto">
          {report.sourceName}
        </h3>
        <p className="min-w-0 flex-1 basis-60 text-sm text-text-2">
          {report.formatName}, {report.because}
        </p>
        <p className="text-xs text-text-2">
          {report.periods.map((period) => formatDay(parseDay(period), "month-short")).join(", ")} ·{" "}
          {formatDuration(report.durationMs)}
        </p>
      </header>
      {report.unchanged && (
        <div className="px-4 pt-3">
          <Notice tone="info" title="This bill is here already: nothing has changed." />
        </div>
      )}
      <div className="grid gap-x-8 gap-y-5 p-4 lg:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
        <div className="space-y-5">
          <Rows report={report} />
          <Conformance conformance={report.conformance} />
        </div>
        <div className="space-y-5">
          {ledgersOf(report).map((ledger) => (
            <Costs key={ledger.currency} ledger={ledger} effective={report.effectiveCost[ledger.currency] ?? null} />
          ))}
        </div>
      </div>
      {report.restated.map((restatement) => (
        <Restated key={restatement.period} restatement={restatement} />
      ))}
      <RejectedRows report={report} />
    </article>
  );
}

function Rows({ report }: { report: ImportReport }) {
  return (
    <Block
      title="Rows"
      proof={<Proof holds={doRowsAddUp(report)} good="Every row is accounted for" bad="The rows do not add up" />}
    >
      <Line
        label={report.files === 1 ? "Read from 1 file" : `Read from ${formatCount(report.files)} files`}
        figure={<Count of={report.rowsRead} />}
        isSum
      />
      <Line label="Rejected" sign="−" figure={<Count of={report.rowsRejected} />} isBad={report.rowsRejected > 0} />
      <Line label="Dropped by rule" sign="−" figure={<Count of={report.rowsDropped} />} />
      <Line label="Mapped" figure={<Count of={report.rowsMapped} />} isSum />
      <Line label="Derived by rule" sign="+" figure={<Count of={report.rowsDerived} />} />
      <Line label="Published" figure={<Count of={report.rowsPublished} />} isSum />
    </Block>
  );
}

function Costs({ ledger, effective }: { ledger: Ledger; effective: string | null }) {
  const { currency } = ledger;
  return (
    <Block
      title={`Cost in ${currency}`}
      proof={
        <Proof
          holds={ledger.difference.isZero()}
          good="Adds up to the last digit"
          bad={
            <>
              Differs by <Money amount={ledger.difference.toString()} currency={currency} />
            </>
          }
        />
      }
    >
      <Line label="Raw cost in the bill" figure={<Money amount={ledger.raw} currency={currency} />} isSum />
      {ledger.bridge.map((step) => (
        <Line
          key={step.rule}
          label={ruleName(step.rule)}
          note={`${formatCount(step.rows)} ${step.rows === 1 ? "row" : "rows"}`}
          figure={<Money amount={step.amount} currency={currency} />}
        />
      ))}
      <Line
        label="Rejected"
        sign="−"
        figure={<Money amount={ledger.rejected} currency={currency} />}
        isBad={ledger.rejected !== "0"}
      />
      <Line label="Billed cost published" figure={<Money amount={ledger.billed} currency={currency} />} isSum />
      <Line label="Effective cost of it" figure={<Money amount={effective} currency={currency} />} isQuiet />
    </Block>
  );
}

/** What the month cost as it was stated before, what moved it, and what it costs now; one block per currency. */
function Restated({ restatement }: { restatement: ImportReport["restated"][number] }) {
  const { period, billedBefore, billedAfter } = restatement;
  const currencies = [...new Set([...Object.keys(billedBefore), ...Object.keys(billedAfter)])].toSorted();
  const month = formatDay(parseDay(period), "month-short");
  return (
    <div className="space-y-5 border-t border-line p-4">
      {currencies.map((currency) => {
        const groups = restatement.groups.filter((group) => group.currency === currency);
        const before = decimal(billedBefore[currency] ?? "0");
        const after = decimal(billedAfter[currency] ?? "0");
        const told = groups.map((group) => decimal(group.billedAfter).minus(decimal(group.billedBefore)));
        const rest = told.reduce((left, moved) => left.minus(moved), after.minus(before));
        return (
          <Block key={currency} title={`${month} restated, in ${currency}`} proof={<RestatedRows of={restatement} />}>
            <Line
              label="Billed cost as stated before"
              figure={<Money amount={before.toString()} currency={currency} />}
              isSum
            />
            {groups.map((group, index) => (
              <Line
                key={`${group.serviceName} ${group.account}`}
                label={`${group.serviceName ?? "Service not stated"}, ${group.account ?? "account not stated"}`}
                figure={<Money amount={told[index]!.toString()} currency={currency} />}
              />
            ))}
            {!rest.isZero() && (
              <Line label="All others" figure={<Money amount={rest.toString()} currency={currency} />} />
            )}
            <Line label="Billed cost now" figure={<Money amount={after.toString()} currency={currency} />} isSum />
          </Block>
        );
      })}
    </div>
  );
}

function RestatedRows({ of: { rowsAdded, rowsRemoved, rowsChanged } }: { of: ImportReport["restated"][number] }) {
  return (
    <span className="text-xs text-text-2">
      {formatCount(rowsAdded)} rows added, {formatCount(rowsRemoved)} removed, {formatCount(rowsChanged)} changed
    </span>
  );
}

function Conformance({ conformance }: { conformance: ImportReport["conformance"] }) {
  if (conformance === null) return null;
  return (
    <Block
      title="FOCUS conformance"
      proof={
        <Proof
          holds={conformance.failed === 0}
          good="All rules hold"
          bad={`${formatCount(conformance.failed)} of ${formatCount(conformance.rules)} rules fail`}
        />
      }
    >
      <Line
        label={`Score against FOCUS ${conformance.version}`}
        figure={<Percent ratio={decimal(conformance.score).dividedBy(100).toString()} />}
        isSum
      />
    </Block>
  );
}

function Block({ title, proof, children }: { title: string; proof: ReactNode; children: ReactNode }) {
  return (
    <section>
      <div className="flex flex-wrap items-center justify-between gap-2 pb-1">
        <h4 className="text-xs font-medium text-text-2">{title}</h4>
        {proof}
      </div>
      <dl className="text-sm">{children}</dl>
    </section>
  );
}

function Proof({ holds, good, bad }: { holds: boolean; good: string; bad: ReactNode }) {
  const Icon = holds ? Check : TriangleAlert;
  return (
    <span className={joinClasses("flex items-center gap-1 text-xs", holds ? "text-positive" : "text-warning")}>
      <Icon size={14} aria-hidden />
      {holds ? good : bad}
    </span>
  );
}

interface LineProps {
  label: string;
  figure: ReactNode;
  note?: string;
  sign?: "+" | "−";
  isSum?: boolean;
  isBad?: boolean;
  isQuiet?: boolean;
}

function Line({ label, figure, note, sign, isSum = false, isBad = false, isQuiet = false }: LineProps) {
  return (
    <div
      className={joinClasses(
        "flex items-baseline justify-between gap-4 py-1",
        isSum && "border-t border-line font-medium",
        isBad && "text-negative",
        isQuiet && "text-text-2",
      )}
    >
      <dt className={joinClasses("min-w-0 break-words", !isSum && !isQuiet && "pl-3")}>
        {label}
        {note !== undefined && <span className="ml-2 text-xs font-normal whitespace-nowrap text-text-2">{note}</span>}
      </dt>
      <dd className="shrink-0 text-right">
        {sign !== undefined && <span aria-hidden>{sign} </span>}
        {figure}
      </dd>
    </div>
  );
}
