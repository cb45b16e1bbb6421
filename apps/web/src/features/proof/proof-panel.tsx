import { type FigureProof, type FigureRequest, formatFilterText } from "@finops/capabilities/proof/contract";
import { Count } from "@finops/ui/figures/count";
import { SidePanel } from "@finops/ui/primitives/side-panel";
import { Async } from "@finops/ui/states/async";
import { Notice } from "@finops/ui/states/notice";
import { Skeleton } from "@finops/ui/states/skeleton";
import { formatDay, formatInstant, formatPeriod } from "@finops/ui/text/format-day";
import type { ReactNode } from "react";
import { FigureValue } from "./figure-value.tsx";
import { ProofChain } from "./proof-chain.tsx";
import { ProofDownload } from "./proof-download.tsx";
import { ProofRows } from "./proof-rows.tsx";
import { ProofStatement } from "./proof-statement.tsx";
import { Reconciliation } from "./reconciliation.tsx";
import { useProof } from "./use-proof.ts";

/** Beside any page: where a figure comes from, and that every step to it adds up. */
export function ProofPanel({ figure, onClose }: { figure: FigureRequest; onClose: () => void }) {
  const proof = useProof(figure);
  return (
    <SidePanel
      title={proof.data === undefined ? "Proof" : `Proof: ${proof.data.figure.label.toLowerCase()}`}
      onClose={onClose}
      footer={proof.data === undefined ? undefined : <ProofDownload figure={figure} proof={proof.data} />}
    >
      <Async of={proof} name="The proof" skeleton={<ProofSkeleton />}>
        {(found) => (
          <div className="space-y-6" aria-busy={proof.isPlaceholderData}>
            <Figure proof={found} />
            <Verdict proof={found} />
            <Section title="What it means">
              <p className="text-base text-text-2">{found.figure.about}</p>
              <Related proof={found} />
            </Section>
            <Section title="From bill to figure">
              <ProofChain proof={found} />
            </Section>
            <Section title="Does it add up?" about="Exact, to the last digit.">
              <Reconciliation proof={found} />
            </Section>
            <Section title="Its charge rows">
              <ProofRows figure={figure} proof={found} />
            </Section>
            <Section title="How it was asked">
              <ProofStatement proof={found} />
            </Section>
          </div>
        )}
      </Async>
    </SidePanel>
  );
}

function Figure({ proof: { figure, request, rows, statement } }: { proof: FigureProof }) {
  const filter = request.filter === undefined ? "" : formatFilterText(request.filter);
  return (
    <div>
      <p className="text-sm text-text-2">{figure.label}</p>
      <p className="mt-1 text-[28px] leading-9 font-semibold">
        <FigureValue value={figure.value} unit={figure.unit} currency={figure.currency} missing={figure.missing} />
      </p>
      {figure.value !== null && (
        <p className="mt-1 font-mono text-xs break-all text-text-2" title="Every digit of it">
          {figure.value} {figure.unit === "money" && figure.currency}
        </p>
      )}
      {figure.value === null && <p className="mt-1 text-base text-text-2">{figure.missing}</p>}
      <p className="mt-2 text-base text-text-2">
        The sum of <Count of={rows} /> charge {rows === 1 ? "row" : "rows"} of {formatPeriod(request.period)}
        {request.basis === "billing" ? ", by billing period" : ", by day of the charge"}
        {request.asOf !== undefined && `, as known on ${formatDay(request.asOf)}`}.
        {statement.freshAt !== null && ` Published ${formatInstant(statement.freshAt)}.`}
      </p>
      {filter !== "" && (
        <code className="mt-2 block rounded-md bg-surface-2 px-2 py-1.5 text-xs break-words" dir="auto">
          {filter}
        </code>
      )}
    </div>
  );
}

function Verdict({ proof: { reconciliation, isScoped } }: { proof: FigureProof }) {
  const wrong = reconciliation.filter((step) => !step.holds);
  if (wrong.length > 0)
    return (
      <Notice tone="error" title={`${wrong.length} of ${reconciliation.length} checks do not add up.`}>
        See below which, and by how much. Quote this figure with its address when you ask for help.
      </Notice>
    );
  return (
    <Notice tone="good" title={`All ${reconciliation.length} checks add up.`}>
      {isScoped
        ? "You see a part of the company's costs, so only that part was checked, and no total of a whole bill is told."
        : "The figure, the store, what was published and the raw bill files say the same."}
    </Notice>
  );
}

function Related({ proof: { related, figure } }: { proof: FigureProof }) {
  if (related.length === 0) return null;
  return (
    <dl className="mt-3 divide-y divide-line rounded-md border border-line">
      {related.map((one) => (
        <div key={one.measure} className="flex justify-between gap-4 px-3 py-1.5 text-sm">
          <dt className="text-text-2">{one.label}</dt>
          <dd className="font-medium">
            <FigureValue value={one.value} unit={one.unit} currency={figure.currency} missing={one.missing} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Section({ title, about, children }: { title: string; about?: string; children: ReactNode }) {
  return (
    <section>
      <h3 className="text-base font-semibold">{title}</h3>
      {about !== undefined && <p className="text-xs text-text-2">{about}</p>}
      <div className="mt-2">{children}</div>
    </section>
  );
}

function ProofSkeleton() {
  return (
    <div className="space-y-4">
      <Skeleton className="h-4 w-32" />
      <Skeleton className="h-9 w-56" />
      <Skeleton className="h-16 w-full" />
      <Skeleton className="h-40 w-full" />
    </div>
  );
}
