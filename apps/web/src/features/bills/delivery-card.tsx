import type { DetectedDelivery } from "@finops/capabilities/sources/contract";
import { parseDay } from "@finops/kernel/period";
import { Notice } from "@finops/ui/states/notice";
import { formatDay } from "@finops/ui/text/format-day";
import { formatBytes, formatCount } from "@finops/ui/text/format-figure";
import type { ReactNode } from "react";

/** What one delivery is believed to be, why, and what would become of it. */
export function DeliveryCard({ delivery, children }: { delivery: DetectedDelivery; children: ReactNode }) {
  const { sample, source, files } = delivery;
  return (
    <article aria-label={delivery.label} className="rounded-lg border border-line">
      <header className="border-b border-line bg-surface-2 px-4 py-2.5">
        <h3 className="font-semibold">
          {delivery.formatName} <span className="font-normal text-text-2">from {delivery.provider}</span>
        </h3>
        <p className="text-sm break-words text-text-2" dir="auto">
          {delivery.because}
          {delivery.alsoReadAs.length > 0 &&
            delivery.confidence < 0.6 &&
            ` It could also be ${delivery.alsoReadAs[0]!.name}; choose below.`}
        </p>
      </header>
      <div className="space-y-3 p-4">
        {delivery.isCurrent === true && (
          <Notice tone="info" title="The very same bill is here already. Importing it again changes nothing." />
        )}
        {delivery.problem !== null && (
          <Notice tone="warning" title="Its first rows could not be read.">
            {delivery.problem}
          </Notice>
        )}
        {children}
        <dl className="grid gap-x-8 gap-y-2 text-sm sm:grid-cols-[auto_minmax(0,1fr)]">
          <Fact name="Files">
            {files.length === 1
              ? files[0]!.name
              : `${formatCount(files.length)} files, such as ${files[0]?.name ?? ""}`}
            , {formatBytes(delivery.bytes)}
            {rolesOf(delivery)}
          </Fact>
          {sample !== null && (
            <>
              <Fact name="Months">{listOf(sample.periods.map(monthName), 12) || "none that it says"}</Fact>
              <Fact name="Accounts">{listOf(sample.accounts, 6) || "none that it says"}</Fact>
              <Fact name="Currency">{sample.currencies.join(", ")}</Fact>
            </>
          )}
          {source !== null && (
            <Fact name="Becomes">
              {source.isNew
                ? `A new source, ${source.name}`
                : `A new version of ${source.name}, whose months it replaces`}
            </Fact>
          )}
        </dl>
        {sample !== null && (
          <p className="text-xs text-text-2">
            Seen in the first {formatCount(sample.rows)} rows; the whole may hold more months and accounts.
          </p>
        )}
        {sample !== null && sample.rejected.length > 0 && (
          <Fold title={`Rows that would be rejected, ${formatCount(sample.rejected.length)} reasons`} isOpen>
            {sample.rejected.map(({ reason, rows }) => (
              <li key={reason} className="py-1 break-words">
                {reason} <span className="text-text-2">{formatCount(rows)} of the first rows</span>
              </li>
            ))}
          </Fold>
        )}
        {delivery.ignored.length > 0 && (
          <Fold title={`${formatCount(delivery.ignored.length)} files would be left aside`}>
            {delivery.ignored.map(({ file, because }) => (
              <li key={file} className="py-1 break-words">
                {file} <span className="block text-xs text-text-2">{because}</span>
              </li>
            ))}
          </Fold>
        )}
        {sample !== null && sample.notes.length > 0 && (
          <Fold title="What is assumed or left unknown">
            {sample.notes.map((note) => (
              <li key={note} className="py-1 break-words">
                {note}
              </li>
            ))}
          </Fold>
        )}
      </div>
    </article>
  );
}

function rolesOf({ files }: DetectedDelivery): string {
  const roles = [...new Set(files.map((file) => file.role).filter((role) => role !== ""))];
  return roles.length === 0 ? "" : `; ${roles.join(" and ")}`;
}

function listOf(names: readonly string[], shownMax: number): string {
  return names.length <= shownMax
    ? names.join(", ")
    : `${names.slice(0, shownMax).join(", ")} and ${formatCount(names.length - shownMax)} more`;
}

function monthName(period: string): string {
  return /^\d{4}-\d{2}$/.test(period) ? formatDay(parseDay(`${period}-01`), "month-short") : "no month";
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-text-2">{name}</dt>
      <dd className="min-w-0 break-words" dir="auto">
        {children}
      </dd>
    </>
  );
}

export function Fold({ title, isOpen = false, children }: { title: string; isOpen?: boolean; children: ReactNode }) {
  return (
    <details open={isOpen} className="text-sm">
      <summary className="w-fit rounded-sm text-text-2 hover:text-text-1">{title}</summary>
      <ul className="mt-1 divide-y divide-line pl-4">{children}</ul>
    </details>
  );
}
