import type { AlertCause, AlertDetail } from "@finops/capabilities/alerts/contract";
import { defaultView } from "@finops/capabilities/views/contract";
import { Money } from "@finops/ui/figures/money";
import { Badge } from "@finops/ui/primitives/badge";
import { Card } from "@finops/ui/primitives/card";
import { Async } from "@finops/ui/states/async";
import { EmptyState } from "@finops/ui/states/empty-state";
import { Skeleton } from "@finops/ui/states/skeleton";
import { formatInstant, formatPeriod } from "@finops/ui/text/format-day";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { BellRing } from "lucide-react";
import { ApiProblem } from "../../lib/api.ts";
import { Page } from "../../lib/page.tsx";
import { writeView } from "../../lib/view-search.ts";
import { AlertActions } from "./alert-actions.tsx";
import { alertQuery, causeQuery, useLiveAlerts } from "./alert-queries.ts";
import { happeningWords, severityWords, stateWords } from "./alert-words.ts";

const route = getRouteApi("/alerts/$id");

/** One alert: what it says, what it comes from, and what happened to it. */
export function AlertPage() {
  useLiveAlerts();
  const { id } = route.useParams();
  const alert = useQuery(alertQuery(id));
  if (alert.data !== undefined) return <Loaded alert={alert.data} />;
  return (
    <Page title="Alert" trail={<Trail />}>
      {alert.error instanceof ApiProblem && alert.error.code === "not_found" ? (
        <EmptyState icon={<BellRing size={24} aria-hidden />} title="There is no such alert">
          Its rule is about costs that you do not see, or its address is not whole.
        </EmptyState>
      ) : (
        <Async of={alert} name="The alert" skeleton={<Skeleton className="h-96 w-full" />}>
          {() => null}
        </Async>
      )}
    </Page>
  );
}

function Trail() {
  return (
    <Link to="/alerts" className="text-xs text-text-2 hover:text-accent hover:underline">
      Alerts
    </Link>
  );
}

function Loaded({ alert }: { alert: AlertDetail }) {
  const cause = useQuery(causeQuery(alert.id));
  return (
    <Page title={alert.title} trail={<Trail />} actions={<AlertActions alert={alert} isWhole />}>
      <div className="space-y-4">
        <div className="flex flex-wrap items-center gap-2">
          <p className="text-lg break-words" data-testid="sentence" dir="auto">
            {alert.message}
          </p>
          <Badge tone={severityWords[alert.severity].tone}>{severityWords[alert.severity].label}</Badge>
          <Badge tone={stateWords[alert.state].tone} title={stateWords[alert.state].about}>
            {stateWords[alert.state].label}
          </Badge>
        </div>
        <p className="text-sm text-text-2">
          {alert.rule === null ? "The platform itself says so." : "The rule "}
          {alert.rule !== null && (
            <Link to="/alerts/rules" search={{ edit: alert.rule.id }} className="text-accent underline" dir="auto">
              {alert.rule.name}
            </Link>
          )}
          {alert.rule !== null && " says so."}
          {alert.snoozedUntil !== null && ` It is snoozed until ${formatInstant(alert.snoozedUntil)}.`}
          {alert.budgetId !== null && (
            <>
              {" "}
              <Link to="/budgets/$id" params={{ id: alert.budgetId }} className="text-accent underline">
                See the budget
              </Link>
            </>
          )}
        </p>
        <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_360px]">
          <Async of={cause} name="The cause" skeleton={<Skeleton className="h-48 w-full" />}>
            {(answer) => (answer.cause === null ? <NoCause /> : <Cause cause={answer.cause} />)}
          </Async>
          <Events alert={alert} />
        </div>
      </div>
    </Page>
  );
}

function NoCause() {
  return (
    <Card title="Where it comes from">
      <p className="px-4 pb-4 text-sm text-text-2">It is not about days of costs, so no costs explain it.</p>
    </Card>
  );
}

/** What changed most, each a door to its charges. */
function Cause({ cause }: { cause: AlertCause }) {
  const { dimension, currency, measure, period, before, filter, contributors } = cause;
  const of = (value: string | null) => {
    const own = { dimension, is: value };
    return writeView({
      ...defaultView,
      measures: [measure as "effectiveCost"],
      filter: filter === null ? own : { and: [filter, own] },
      period,
      comparison: "none",
      currency,
    });
  };
  return (
    <Card title="Where it comes from" about={`${formatPeriod(period)}, against ${formatPeriod(before)}`}>
      <div className="overflow-x-auto px-4 pb-4">
        <table className="w-full text-sm tabular-nums">
          <thead className="text-left text-xs text-text-2">
            <tr>
              <th className="py-1 font-normal">{dimension === "resourceId" ? "Resource" : "Service"}</th>
              <th className="pl-4 text-right font-normal">Before</th>
              <th className="pl-4 text-right font-normal">Now</th>
              <th className="pl-4 text-right font-normal">Change</th>
            </tr>
          </thead>
          <tbody>
            {contributors.map((one) => (
              <tr key={one.value ?? ""} className="border-t border-line">
                <td className="max-w-80 truncate py-1.5">
                  <Link
                    to="/explorer"
                    search={of(one.value)}
                    title="Opens the explorer"
                    className="hover:text-accent hover:underline"
                    dir="auto"
                  >
                    {one.value ?? "Not told"}
                  </Link>
                </td>
                {[one.before, one.now, one.change].map((amount, index) => (
                  <td key={index} className="pl-4 text-right">
                    <Money amount={amount} currency={currency} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
        {contributors.length === 0 && <p className="text-sm text-text-2">There are no charges of these days.</p>}
      </div>
    </Card>
  );
}

function Events({ alert: { events } }: { alert: AlertDetail }) {
  return (
    <Card title="What happened">
      <ol aria-label="What happened" className="divide-y divide-line px-4 pb-4 text-sm">
        {events.map((event) => (
          <li key={`${event.at} ${event.what}`} className="py-1.5">
            <span className="font-medium" dir="auto">
              {event.by === null
                ? happeningWords[event.what]
                : event.what === "resolved"
                  ? `${event.by.name} said that it is over`
                  : `${event.by.name} ${happeningWords[event.what]}`}
            </span>
            <span className="block text-xs text-text-2">{formatInstant(event.at)}</span>
            {event.by === null && (
              <span className="block break-words text-text-2" dir="auto">
                {event.message}
              </span>
            )}
          </li>
        ))}
      </ol>
    </Card>
  );
}
