import type { FigureProof, ProvenVersion } from "@finops/capabilities/proof/contract";
import { Count } from "@finops/ui/figures/count";
import { formatDay, formatInstant } from "@finops/ui/text/format-day";
import { Link } from "@tanstack/react-router";
import { FileText, Layers, Rows3, Sigma } from "lucide-react";
import type { ReactNode } from "react";
import { FigureValue } from "./figure-value.tsx";

const versionsShown = 60;

/** The way from the files as they came to the figure, each step with its count and its part of the figure. */
export function ProofChain({ proof }: { proof: FigureProof }) {
  const { versions, figure, rows, statement } = proof;
  const files = versions.flatMap((version) => version.files);
  if (versions.length === 0) return <p className="text-base text-text-2">No bill holds a charge of this figure.</p>;
  return (
    <ol className="relative space-y-4 border-l border-line-strong pl-5">
      <Step
        icon={<FileText size={14} aria-hidden />}
        title={
          files.length === 1 ? (
            "1 bill file"
          ) : (
            <>
              <Count of={files.length} /> bill files
            </>
          )
        }
        about="As they came, kept unchanged."
      >
        <ul className="divide-y divide-line rounded-md border border-line">
          {versions.slice(0, versionsShown).map((version) => (
            <VersionFiles key={version.id} version={version} figure={figure} />
          ))}
        </ul>
        {versions.length > versionsShown && (
          <p className="mt-1 text-xs text-text-2">
            And {versions.length - versionsShown} more; the downloaded proof lists all.
          </p>
        )}
      </Step>
      <Step
        icon={<Layers size={14} aria-hidden />}
        title={
          versions.length === 1 ? (
            "1 version"
          ) : (
            <>
              <Count of={versions.length} /> versions
            </>
          )
        }
        about="One source's rows of one billing period each; every earlier one is kept."
      />
      <Step
        icon={<Rows3 size={14} aria-hidden />}
        title={
          <>
            <Count of={rows} /> charge {rows === 1 ? "row" : "rows"}
          </>
        }
        about={`Read from ${statement.tables.join(", ").replaceAll("_", " ")}: ${statement.rowsRead.toLocaleString("en-US")} stored rows.`}
      />
      <Step
        icon={<Sigma size={14} aria-hidden />}
        title={
          <FigureValue value={figure.value} unit={figure.unit} currency={figure.currency} missing={figure.missing} />
        }
        about={figure.label}
      />
    </ol>
  );
}

function Step({
  icon,
  title,
  about,
  children,
}: {
  icon: ReactNode;
  title: ReactNode;
  about: string;
  children?: ReactNode;
}) {
  return (
    <li>
      <span className="absolute -left-3 grid size-6 place-items-center rounded-full border border-line-strong bg-surface-1 text-text-2">
        {icon}
      </span>
      <p className="text-base font-medium">{title}</p>
      <p className="text-xs text-text-2">{about}</p>
      {children !== undefined && <div className="mt-2">{children}</div>}
    </li>
  );
}

function VersionFiles({ version, figure }: { version: ProvenVersion; figure: FigureProof["figure"] }) {
  return (
    <li className="px-3 py-2 text-sm">
      <div className="flex justify-between gap-3">
        <Link
          to="/bills"
          search={{ version: version.id } as never}
          className="min-w-0 truncate font-medium text-accent hover:underline"
          title={version.sourceName}
        >
          {version.sourceName}
        </Link>
        {version.value !== null && <FigureValue value={version.value} unit={figure.unit} currency={figure.currency} />}
      </div>
      <p className="text-xs text-text-2">
        {formatDay(version.billingPeriod, "month")}, version {version.number}
        {version.publishedAt !== null && `, published ${formatInstant(version.publishedAt)}`}
      </p>
      <ul className="mt-1 space-y-1">
        {version.files.map((file) => (
          <li key={`${file.name} ${file.role}`} className="flex justify-between gap-3 text-xs text-text-2">
            <span className="min-w-0">
              <Link
                to="/bills"
                search={{ version: version.id, file: file.name } as never}
                className="block truncate hover:text-accent hover:underline"
                title={file.name}
                dir="auto"
              >
                {file.name}
              </Link>
              <span className="font-mono text-text-3" title={`SHA-256 ${file.sha256}`}>
                {file.sha256.slice(0, 12)}
              </span>
            </span>
            <span className="shrink-0 text-right">
              <Count of={file.rows} /> rows
              {file.value !== null && version.files.length > 1 && (
                <span className="block text-text-1">
                  <FigureValue value={file.value} unit={figure.unit} currency={figure.currency} />
                </span>
              )}
            </span>
          </li>
        ))}
      </ul>
    </li>
  );
}
