import type { Channel, Delivery } from "@finops/capabilities/alerts/contract";
import { Badge } from "@finops/ui/primitives/badge";
import { Button } from "@finops/ui/primitives/button";
import { Async } from "@finops/ui/states/async";
import { EmptyState } from "@finops/ui/states/empty-state";
import { Notice } from "@finops/ui/states/notice";
import { Skeleton } from "@finops/ui/states/skeleton";
import type { DataColumn } from "@finops/ui/table/column";
import { DataTable } from "@finops/ui/table/data-table";
import { formatInstant } from "@finops/ui/text/format-day";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { Plus, Send } from "lucide-react";
import { Beside } from "../../lib/beside.tsx";
import { Page } from "../../lib/page.tsx";
import { useMay } from "../../lib/session.ts";
import { channelsQuery, deliveriesQuery, useLiveAlerts, useResend, useTestChannel } from "./alert-queries.ts";
import { channelWords, deliveryWords } from "./alert-words.ts";
import { AlertsTabs } from "./alerts-tabs.tsx";
import { ChannelPanel } from "./channel-panel.tsx";

const route = getRouteApi("/alerts/channels");
const isNew = "new";

/** Where alerts go, and what became of each message. */
export function ChannelsPage() {
  useLiveAlerts();
  const { edit } = route.useSearch();
  const navigate = useNavigate();
  const mayWrite = useMay("alerts:write");
  const channels = useQuery({ ...channelsQuery, enabled: mayWrite });
  const open = (to: string | undefined) => void navigate({ to: "/alerts/channels", search: { edit: to } });
  const edited = channels.data?.find(({ id }) => id === edit);
  const make = mayWrite && (
    <Button kind="primary" icon={<Plus size={16} aria-hidden />} onClick={() => open(isNew)}>
      New channel
    </Button>
  );
  return (
    <Beside
      panel={
        mayWrite &&
        (edit === isNew || edited !== undefined) && (
          <ChannelPanel
            key={edited === undefined ? isNew : `${edited.id} ${edited.version}`}
            channel={edited ?? null}
            onClose={() => open(undefined)}
          />
        )
      }
    >
      <Page title="Channels of alerts" tools={<AlertsTabs />} actions={make}>
        {mayWrite ? (
          <div className="space-y-6">
            <Async
              of={channels}
              name="The channels"
              skeleton={<Skeleton className="h-40 w-full" />}
              isEmpty={(all) => all.length === 0}
              empty={
                <div className="rounded-lg border border-line bg-surface-1">
                  <EmptyState icon={<Send size={24} aria-hidden />} title="No channel yet" action={make}>
                    Alerts stand in the inbox. A channel brings them to people by e-mail, Slack, Microsoft Teams,
                    PagerDuty, or to your own program by a signed webhook.
                  </EmptyState>
                </div>
              }
            >
              {(all) => (
                <section aria-label="Channels" className="min-w-0 rounded-lg border border-line bg-surface-1">
                  <DataTable
                    label="Channels"
                    rows={all}
                    columns={channelColumns}
                    rowId={({ id }) => id}
                    onActivate={({ id }) => open(id)}
                  />
                </section>
              )}
            </Async>
            <Deliveries />
          </div>
        ) : (
          <Notice tone="info" title="Channels are for who makes rules.">
            Who has alerts:write sees this page. An owner of the company can give it.
          </Notice>
        )}
      </Page>
    </Beside>
  );
}

function Deliveries() {
  const deliveries = useQuery(deliveriesQuery);
  if (deliveries.data?.length === 0) return null;
  return (
    <section aria-label="Deliveries" className="min-w-0">
      <h2 className="mb-2 text-base font-semibold">What was told</h2>
      <Async of={deliveries} name="The deliveries" skeleton={<Skeleton className="h-40 w-full" />}>
        {(all) => (
          <div className="rounded-lg border border-line bg-surface-1">
            <DataTable label="Deliveries" rows={all} columns={deliveryColumns} rowId={({ id }) => id} />
          </div>
        )}
      </Async>
    </section>
  );
}

function TestButton({ channel }: { channel: Channel }) {
  const test = useTestChannel();
  return (
    <Button
      icon={<Send size={14} aria-hidden />}
      aria-label={`Test ${channel.name}`}
      disabled={test.isPending || !channel.isOn}
      onClick={() => test.mutate(channel.id)}
    >
      Test
    </Button>
  );
}

function ResendButton({ delivery }: { delivery: Delivery }) {
  const resend = useResend();
  if (delivery.state !== "dead") return null;
  return (
    <Button
      aria-label={`Send ${delivery.title} again`}
      disabled={resend.isPending}
      onClick={() => resend.mutate(delivery.id)}
    >
      Send again
    </Button>
  );
}

const channelColumns: DataColumn<Channel>[] = [
  {
    id: "name",
    header: "Channel",
    value: ({ name }) => name,
    cell: ({ name }) => (
      <span className="truncate font-medium" title={name} dir="auto">
        {name}
      </span>
    ),
  },
  { id: "kind", header: "By", width: 136, value: ({ kind }) => channelWords[kind] },
  {
    id: "state",
    header: "State",
    width: 128,
    value: ({ isOn, failures }) => (!isOn ? "Off" : failures > 0 ? "Fails" : "On"),
    cell: ({ isOn, failures }) =>
      !isOn ? (
        <Badge>Off</Badge>
      ) : failures > 0 ? (
        <Badge tone="bad" title={`${failures} attempts in a row failed`}>
          Fails
        </Badge>
      ) : (
        <Badge tone="good">On</Badge>
      ),
  },
  { id: "address", header: "To", isMinor: true, width: 220, value: ({ address }) => address },
  { id: "owner", header: "Owner", isMinor: true, value: ({ owner }) => owner.name },
  { id: "test", header: "Try it", width: 104, cell: (channel) => <TestButton channel={channel} /> },
];

const deliveryColumns: DataColumn<Delivery>[] = [
  {
    id: "title",
    header: "Message",
    value: ({ title }) => title,
    cell: ({ title }) => (
      <span className="truncate" title={title} dir="auto">
        {title}
      </span>
    ),
  },
  { id: "channel", header: "Channel", value: ({ channel }) => channel.name },
  {
    id: "state",
    header: "State",
    width: 112,
    value: ({ state }) => deliveryWords[state].label,
    cell: ({ state, attempts }) => (
      <Badge tone={deliveryWords[state].tone} title={`Tried ${attempts} times`}>
        {deliveryWords[state].label}
      </Badge>
    ),
  },
  { id: "problem", header: "Why", isMinor: true, width: 240, value: ({ problem }) => problem },
  {
    id: "at",
    header: "When",
    width: 184,
    isMinor: true,
    value: ({ createdAt }) => createdAt,
    cell: ({ createdAt }) => formatInstant(createdAt),
  },
  { id: "again", header: "Again", width: 128, cell: (delivery) => <ResendButton delivery={delivery} /> },
];
