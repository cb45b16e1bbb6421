import type { Channel, Delivery } from "@finops/capabilities/alerts/contract";
import { Badge } from "@finops/ui/primitives/badge";
import { Button } from "@finops/ui/primitives/button";
import { Async } from "@finops/ui/states/async";
import { Notice } from "@finops/ui/states/notice";
import { Skeleton } from "@finops/ui/states/skeleton";
import type { DataColumn } from "@finops/ui/table/column";
import { DataTable } from "@finops/ui/table/data-table";
import { formatInstant } from "@finops/ui/text/format-day";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Send } from "lucide-react";
import { useMay } from "../../lib/session.ts";
import { channelsQuery, deliveriesQuery, useResend, useTestChannel } from "./alert-queries.ts";
import { channelWords, deliveryWords } from "./alert-words.ts";
import { onlyForMakers } from "./alerts-tabs.tsx";
import { digestWords } from "./channel-form.ts";
import { ChannelPanel } from "./channel-panel.tsx";
import { EditedListPage } from "./edited-list-page.tsx";

const route = getRouteApi("/alerts/channels");

/** Where alerts go, and what became of each message. */
export function ChannelsPage() {
  const { edit, slack } = route.useSearch();
  const mayWrite = useMay("alerts:write");
  const channels = useQuery({ ...channelsQuery, enabled: mayWrite });
  return (
    <EditedListPage
      title="Channels of alerts"
      name="The channels"
      of={channels}
      edit={edit}
      maySee={mayWrite}
      mayMake={mayWrite}
      refusal={onlyForMakers("Channels are")}
      newLabel="New channel"
      empty={{
        icon: Send,
        title: "No channel yet",
        about:
          "Alerts stand in the inbox. A channel brings them to people by e-mail, Slack, Microsoft Teams, PagerDuty, or to your own program by a signed webhook.",
      }}
      panel={(channel, onClose) => <ChannelPanel channel={channel} onClose={onClose} />}
      above={
        slack !== undefined && (
          <Notice tone="warning" title="Slack's app was not installed">
            {slackEnds[slack] ?? slackEnds["refused"]}
          </Notice>
        )
      }
      below={<Deliveries />}
    >
      {(all, open) => (
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
    </EditedListPage>
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

const slackEnds: Readonly<Record<string, string>> = {
  expired: "It took longer than ten minutes, or was done already. Make a channel anew.",
  cancelled: "Nothing was allowed in Slack. Make a channel anew when you want to.",
  refused:
    "Slack did not take the answer. Try again, or ask who runs the server whether the app is set up as it must be.",
};

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
    cell: ({ isOn, failures, problem }) =>
      !isOn ? (
        <Badge>Off</Badge>
      ) : failures > 0 ? (
        <Badge tone="bad" title={problem ?? `${failures} attempts in a row failed`}>
          Fails
        </Badge>
      ) : (
        <Badge tone="good">On</Badge>
      ),
  },
  { id: "address", header: "To", isMinor: true, width: 220, value: ({ address }) => address },
  {
    id: "when",
    header: "Tells",
    isMinor: true,
    width: 176,
    value: ({ digest }) => digestWords(digest),
  },
  { id: "owner", header: "Owner", isMinor: true, value: ({ owner }) => owner.name },
  { id: "test", header: "Try it", width: 104, hasState: true, cell: (channel) => <TestButton channel={channel} /> },
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
  { id: "channel", header: "To", value: ({ channel, person }) => channel?.name ?? person?.name ?? null },
  {
    id: "state",
    header: "State",
    width: 168,
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
  {
    id: "again",
    header: "Again",
    width: 128,
    hasState: true,
    cell: (delivery) => <ResendButton delivery={delivery} />,
  },
];
