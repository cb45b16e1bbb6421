import type { ChangeRequest } from "@finops/capabilities/approvals/contract";
import { Badge } from "@finops/ui/primitives/badge";
import { ChoiceMenu } from "@finops/ui/primitives/choice-menu";
import { Async } from "@finops/ui/states/async";
import { EmptyState } from "@finops/ui/states/empty-state";
import { Skeleton } from "@finops/ui/states/skeleton";
import type { DataColumn } from "@finops/ui/table/column";
import { DataTable } from "@finops/ui/table/data-table";
import { formatInstant } from "@finops/ui/text/format-day";
import { formatCount } from "@finops/ui/text/format-figure";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { CheckCheck } from "lucide-react";
import { useMemo } from "react";
import { Beside } from "../../lib/beside.tsx";
import { changeRequestsQuery } from "../../lib/change-requests.ts";
import { CompanyTabs } from "../../lib/company-tabs.tsx";
import { Page } from "../../lib/page.tsx";
import { useMay } from "../../lib/session.ts";
import type { ApprovalsSearch } from "./approvals-search.ts";
import { Policies } from "./policies.tsx";
import { RequestPanel } from "./request-panel.tsx";
import { approvalsGiven, stateWords } from "./state-words.ts";

const route = getRouteApi("/settings/approvals");

/** Changes that wait for somebody's approval, those that did, and what needs one. */
export function ApprovalsPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const state = search.state ?? "requested";
  const requests = useInfiniteQuery(changeRequestsQuery(state));
  const seesPolicies = useMay("members:read");
  const list = useMemo(() => requests.data?.pages.flatMap((page) => page.requests), [requests.data]);
  const go = (change: Partial<ApprovalsSearch>) =>
    void navigate({ to: "/settings/approvals", search: { ...search, ...change } });
  return (
    <Beside
      panel={
        search.request !== undefined && (
          <RequestPanel key={search.request} id={search.request} onClose={() => go({ request: undefined })} />
        )
      }
    >
      <Page title="Approvals" tools={<CompanyTabs />}>
        <div className="space-y-4">
          <Async of={{ ...requests, data: list }} name="The changes" skeleton={<Skeleton className="h-72 w-full" />}>
            {(all) => (
              <>
                {state === "requested" && <Sentence requests={all} />}
                <section aria-label="Changes" className="min-w-0 rounded-lg border border-line bg-surface-1">
                  <DataTable
                    label="Changes"
                    rows={all}
                    columns={columns}
                    rowId={(one) => one.id}
                    onActivate={(one) => go({ request: one.id })}
                    hasMore={requests.hasNextPage}
                    onEnd={() => void requests.fetchNextPage()}
                    empty={state === "requested" ? <NothingWaits /> : "No change has ended like that."}
                    tools={<StateChoice state={state} onChoose={(next) => go({ state: next, request: undefined })} />}
                  />
                </section>
              </>
            )}
          </Async>
          {seesPolicies && <Policies />}
        </div>
      </Page>
    </Beside>
  );
}

/** What matters first: whether anything is left for the reader to do. */
function Sentence({ requests }: { requests: readonly ChangeRequest[] }) {
  const forMe = requests.filter(({ isForMe }) => isForMe).length;
  const others = requests.length - forMe;
  const count = (of: number) => `${formatCount(of)} ${of === 1 ? "change waits" : "changes wait"}`;
  return (
    <p className="text-lg" data-testid="sentence">
      {forMe === 0 ? "No change waits for you" : `${count(forMe)} for you`}
      {others > 0 && `; ${count(others)} for others`}.
    </p>
  );
}

function NothingWaits() {
  return (
    <EmptyState icon={<CheckCheck size={24} aria-hidden />} title="No change waits for an approval">
      Who asks for a change that needs one finds it here, and so does everybody who may approve it. They get a mail as
      well.
    </EmptyState>
  );
}

type StateChosen = ApprovalsSearch["state"] | "requested";

function StateChoice({ state, onChoose }: { state: StateChosen; onChoose: (state: ApprovalsSearch["state"]) => void }) {
  return (
    <ChoiceMenu
      label="State"
      value={state ?? "requested"}
      choices={[
        { value: "requested", label: "Waiting", about: "Nobody has decided yet" },
        { value: "approved", label: "Approved, not made", about: "It failed, and can be tried again" },
        { value: "applied", label: "Made", about: "Approved, and in force" },
        { value: "rejected", label: "Rejected", about: "Somebody said no" },
        { value: "withdrawn", label: "Taken back", about: "By who asked for it" },
        { value: "expired", label: "Lapsed", about: "Nobody approved it in time" },
        { value: "all", label: "All", about: "Everything that was ever asked for" },
      ]}
      onChoose={(next) => onChoose(next === "requested" ? undefined : next)}
    />
  );
}

const columns: DataColumn<ChangeRequest>[] = [
  {
    id: "summary",
    header: "Change",
    value: (one) => one.summary,
    cell: (one) => (
      <span className="font-medium" title={one.summary} dir="auto">
        {one.summary}
      </span>
    ),
  },
  {
    id: "state",
    header: "State",
    width: 152,
    value: (one) => stateWords[one.state].label,
    cell: (one) => (
      <Badge tone={stateWords[one.state].tone}>{one.isForMe ? "Waits for you" : stateWords[one.state].label}</Badge>
    ),
  },
  { id: "by", header: "Asked by", width: 136, value: (one) => one.requestedBy.name, isMinor: true },
  {
    id: "at",
    header: "Asked (UTC)",
    width: 152,
    value: (one) => one.requestedAt,
    cell: (one) => formatInstant(one.requestedAt).replace(" UTC", ""),
  },
  {
    id: "approvals",
    header: "Given",
    about: "Approvals that it has, of those that it needs",
    width: 104,
    isMinor: true,
    value: approvalsGiven,
  },
];
