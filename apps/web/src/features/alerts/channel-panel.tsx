import type { Channel, ChannelKind } from "@finops/capabilities/alerts/contract";
import { Button } from "@finops/ui/primitives/button";
import { Checkbox } from "@finops/ui/primitives/checkbox";
import { Select } from "@finops/ui/primitives/select";
import { SidePanel } from "@finops/ui/primitives/side-panel";
import { TextField } from "@finops/ui/primitives/text-field";
import { useState } from "react";
import { useChangeChannel } from "./alert-queries.ts";
import { channelWords } from "./alert-words.ts";
import { type ChannelForm, channelFormOf, readChannel } from "./channel-form.ts";

const kinds = Object.entries(channelWords).map(([value, label]) => ({ value: value as ChannelKind, label }));
const whereUrl: Partial<Record<ChannelKind, string>> = {
  slack: "Address of the incoming webhook",
  teams: "Address of the workflow's webhook",
  webhook: "Address",
};

/** Makes or changes a channel. */
export function ChannelPanel({ channel, onClose }: { channel: Channel | null; onClose: () => void }) {
  const [form, setForm] = useState<ChannelForm>(() => channelFormOf(channel));
  const change = (part: Partial<ChannelForm>) => setForm({ ...form, ...part });
  const save = useChangeChannel(onClose);
  const read = readChannel(form, channel);
  const send = () => {
    if (read.input === null) return;
    const { target, ...rest } = read.input;
    if (channel !== null)
      save.mutate({ do: "change", id: channel.id, version: channel.version, input: { ...rest, target } });
    else if (target !== null) save.mutate({ do: "create", input: { ...rest, target } });
  };
  const kept = channel === null ? undefined : `Now ${channel.address}. Left empty, it stays.`;
  const urlLabel = whereUrl[form.kind];
  return (
    <SidePanel
      title={channel === null ? "New channel" : `Change ${channel.name}`}
      onClose={onClose}
      footer={
        <>
          <Button kind="primary" disabled={read.input === null || save.isPending} onClick={send}>
            {channel === null ? "Make the channel" : "Save the change"}
          </Button>
          <Button onClick={onClose}>Cancel</Button>
          {channel !== null && (
            <Button
              kind="danger"
              disabled={save.isPending}
              onClick={() => save.mutate({ do: "delete", id: channel.id, version: channel.version })}
            >
              Delete
            </Button>
          )}
          {read.problem !== null && form.name !== "" && <p className="w-full text-xs text-text-2">{read.problem}</p>}
        </>
      }
    >
      <div className="space-y-4">
        <TextField label="Name" value={form.name} maxLength={120} onChange={(name) => change({ name })} />
        <Select label="By" value={form.kind} options={kinds} onChange={(kind) => change({ kind })} />
        {form.kind === "email" && (
          <TextField
            label="To"
            about={kept ?? "Addresses of people of the company, or at its proven domains."}
            value={form.to}
            onChange={(to) => change({ to })}
          />
        )}
        {urlLabel !== undefined && (
          <TextField
            label={urlLabel}
            about={kept}
            value={form.url}
            placeholder="https://"
            onChange={(url) => change({ url })}
          />
        )}
        {form.kind === "webhook" && (
          <TextField
            label="Secret that signs what is sent"
            type="password"
            autoComplete="off"
            value={form.secret}
            onChange={(secret) => change({ secret })}
          />
        )}
        {form.kind === "pagerduty" && (
          <TextField
            label="Integration key (Events API v2)"
            about={kept}
            type="password"
            autoComplete="off"
            value={form.routingKey}
            onChange={(routingKey) => change({ routingKey })}
          />
        )}
        <TextField
          label="At most so many messages a minute"
          inputMode="numeric"
          value={form.perMinuteMax}
          onChange={(perMinuteMax) => change({ perMinuteMax })}
        />
        <Checkbox label="The channel is on" checked={form.isOn} onChange={(isOn) => change({ isOn })} />
      </div>
    </SidePanel>
  );
}
