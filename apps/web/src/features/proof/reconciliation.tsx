import type { FigureProof, ReconciliationStep } from "@finops/capabilities/proof/contract";
import { Check, X } from "lucide-react";

/** Two ways to the same amount, side by side, with every digit. What holds is short; what does not is told in full. */
export function Reconciliation({ proof: { reconciliation } }: { proof: FigureProof }) {
  const claims = [...new Set(reconciliation.map((step) => step.claim))];
  return (
    <ul className="space-y-3">
      {claims.map((claim) => (
        <Claim key={claim} claim={claim} steps={reconciliation.filter((step) => step.claim === claim)} />
      ))}
    </ul>
  );
}

function Claim({ claim, steps }: { claim: string; steps: readonly ReconciliationStep[] }) {
  const holds = steps.every((step) => step.holds);
  return (
    <li>
      <details open={!holds} className="group rounded-md border border-line">
        <summary className="flex cursor-pointer items-start gap-2 px-3 py-2 text-sm hover:bg-surface-2">
          <Mark holds={holds} />
          <span className="min-w-0 flex-1">{claim}</span>
          {steps.length > 1 && (
            <span className="shrink-0 text-xs text-text-2">
              {steps.filter((step) => step.holds).length} of {steps.length}
            </span>
          )}
        </summary>
        <ul className="divide-y divide-line border-t border-line">
          {steps.map((step) => (
            <Sides key={`${step.subject ?? ""} ${step.left.value} ${step.right.value}`} step={step} />
          ))}
        </ul>
      </details>
    </li>
  );
}

function Sides({ step }: { step: ReconciliationStep }) {
  return (
    <li className="px-3 py-2 text-xs">
      {step.subject !== null && <p className="mb-1 text-text-2">{step.subject}</p>}
      <dl className="grid grid-cols-[1fr_auto] gap-x-4 gap-y-0.5">
        <dt className="min-w-0 break-words text-text-2">{step.left.label}</dt>
        <dd className="text-right font-mono break-all">{step.left.value}</dd>
        <dt className="min-w-0 break-words text-text-2">{step.right.label}</dt>
        <dd className="text-right font-mono break-all">{step.right.value}</dd>
        {!step.holds && (
          <>
            <dt className="font-medium text-negative">Difference</dt>
            <dd className="text-right font-mono break-all text-negative">{step.difference}</dd>
          </>
        )}
      </dl>
    </li>
  );
}

function Mark({ holds }: { holds: boolean }) {
  const Icon = holds ? Check : X;
  return (
    <>
      <Icon
        size={16}
        aria-hidden
        className={holds ? "mt-0.5 shrink-0 text-positive" : "mt-0.5 shrink-0 text-negative"}
      />
      <span className="sr-only">{holds ? "Holds:" : "Does not hold:"}</span>
    </>
  );
}
