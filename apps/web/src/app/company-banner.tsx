import { Button } from "@finops/ui/primitives/button";
import { ProgressBar } from "@finops/ui/primitives/progress-bar";
import { formatDay } from "@finops/ui/text/format-day";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { FlaskConical, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { request } from "../lib/api.ts";
import { companyQuery, isDemoComing, onboardingQuery } from "../lib/company-queries.ts";
import type { CompanyState } from "../lib/session.ts";
import { useToasts } from "../lib/toasts.tsx";
import type { RailProps } from "./rail.tsx";

/** Why the company does not work as usual, over every page; and that its costs are invented ones. */
export function CompanyBanner({ session }: Pick<RailProps, "session">) {
  const { companyState: state, companyReason: reason } = session;
  if (state === "active") return session.permissions.includes("costs:read") && <DemoBanner />;
  return (
    <Banner tone="warning">
      <b className="font-medium">{titles[state]}</b> {state === "leaving" && <LeavingDay />} {abouts[state]}
      {reason !== "" && ` The reason: ${reason}`}
      {session.permissions.includes("company:leave") && (
        <Link to="/settings/data" className="ml-2 text-accent underline">
          Its data
        </Link>
      )}
      {state === "leaving" && session.role === "owner" && <KeepButton />}
    </Banner>
  );
}

type Shut = Exclude<CompanyState, "active">;
const titles: Record<Shut, string> = {
  "read-only": "This company is read-only.",
  locked: "This company is locked.",
  leaving: "This company is about to be deleted.",
};
const abouts: Record<Shut, string> = {
  "read-only":
    "Costs can be read and exported; changes and imports wait until the operator of the platform resumes it.",
  locked: "Its owners can export its data; everything else is shut. Ask the operator of the platform.",
  leaving: "Until then its owners can export its data and keep the company.",
};

function LeavingDay() {
  const { data } = useQuery(companyQuery);
  return data?.leavesAt == null ? null : <>It happens on {formatDay(data.leavesAt.slice(0, 10))}.</>;
}

function KeepButton() {
  const client = useQueryClient();
  const tell = useToasts((toasts) => toasts.show);
  const keep = useMutation({
    mutationFn: () => request("/api/v1/company/deletion", { method: "DELETE" }),
    onSuccess: () => client.invalidateQueries(),
    onError: (error) => tell({ id: "keep", tone: "error", title: "The company still leaves.", body: error.message }),
  });
  return (
    <Button className="ml-3" disabled={keep.isPending} onClick={() => keep.mutate()}>
      Keep the company
    </Button>
  );
}

function DemoBanner() {
  const { data } = useQuery({ ...onboardingQuery, staleTime: 5 * 60_000 });
  const demo = data?.demoData;
  if (demo == null) return null;
  if (isDemoComing(data))
    return (
      <Banner tone="info">
        <b className="font-medium">Demo data is on its way.</b> {demo.label}
        <span className="ml-3 inline-block w-32 align-middle">
          <ProgressBar label="Demo data" share={demo.share} />
        </span>
      </Banner>
    );
  return demo.state === "done" ? (
    <Banner tone="info">
      <b className="font-medium">Demo data.</b> The costs here are those of an invented company.
    </Banner>
  ) : null;
}

function Banner({ tone, children }: { tone: "warning" | "info"; children: ReactNode }) {
  const Icon = tone === "warning" ? TriangleAlert : FlaskConical;
  return (
    <div
      role="status"
      className={`flex items-center gap-2 border-b border-line px-4 py-2 text-sm md:px-6 print:hidden ${tone === "warning" ? "bg-warning-soft" : "bg-surface-2"}`}
    >
      <Icon size={16} aria-hidden className={`shrink-0 ${tone === "warning" ? "text-warning" : "text-text-2"}`} />
      <div className="min-w-0">{children}</div>
    </div>
  );
}
