import type { Channel } from "@finops/capabilities/alerts/contract";
import { Checkbox } from "@finops/ui/primitives/checkbox";
import { Select } from "@finops/ui/primitives/select";
import { SidePanel } from "@finops/ui/primitives/side-panel";
import { TextField } from "@finops/ui/primitives/text-field";
import { Notice } from "@finops/ui/states/notice";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { companyQuery } from "../../lib/company-queries.ts";
import { slackQuery, useChangeChannel, useInstallSlack } from "./alert-queries.ts";
import { channelWords } from "./alert-words.ts";
import { EditFooter } from "./edit-footer.tsx";
import { type ChannelForm, channelFormOf, readChannel, readInstall, weekdays } from "./channel-form.ts";

const kinds = Object.entries(channelWords).map(([value, label]) => ({ value: value as Channel["kind"], label }));
const whereUrl: Partial<Record<Channel["kind"], string>> = {
  slack: "Address of the incoming webhook",
  teams: "Address of the workflow's webhook",
  webhook: "Address",
};

/** Makes or changes a channel. */
export function ChannelPanel({ channel, onClose }: { channel: Channel | null; onClose: () => void }) {
  const company = useQuery(companyQuery);
  const [typed, setTyped] = useState<ChannelForm | null>(null);
  const form = typed ?? channelFormOf(channel, company.data?.timeZone ?? "UTC");
  const change = (part: Partial<ChannelForm>) => setTyped({ ...form, ...part });
  const save = useChangeChannel(onClose);
  const install = useInstallSlack();
  const slack = useQuery(slackQuery);
  const isInstalling = form.kind === "slack-app" && channel?.kind !== "slack-app";
  const read = isInstalling ? readInstall(form) : readChannel(form, channel);
  const send = () => {
    if (read.input === null) return;
    if ("place" in read.input) return install.mutate(read.input);
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
        <EditFooter
          what="channel"
          isNew={channel === null}
          saves={isInstalling ? "Go to Slack" : undefined}
          isBlocked={read.input === null || (isInstalling && slack.data?.isReady !== true)}
          isPending={save.isPending || install.isPending}
          problem={form.name === "" ? null : read.problem}
          onSave={send}
          onClose={onClose}
          onDelete={() => channel !== null && save.mutate({ do: "delete", id: channel.id, version: channel.version })}
        />
      }
    >
      <div className="space-y-4">
        <TextField label="Name" value={form.name} maxLength={120} onChange={(name) => change({ name })} />
        <Select
          label="By"
          value={form.kind}
          options={kinds.filter(({ value }) => value !== "slack-app" || channel === null || channel.kind === value)}
          onChange={(kind) => change({ kind })}
        />
        {isInstalling && slack.data?.todo != null && (
          <Notice tone="info" title="Slack's app is not set up here">
            {slack.data.todo}
          </Notice>
        )}
        {isInstalling && (
          <TextField
            label="Channel in Slack"
            about="Slack asks you next in which workspace. The app joins public channels by itself; invite it to private ones."
            value={form.place}
            placeholder="#finops"
            onChange={(place) => change({ place })}
          />
        )}
        {form.kind === "slack-app" && !isInstalling && (
          <p className="text-sm text-text-2">
            It tells {channel?.address}. To tell another channel, make one more and go to Slack again.
          </p>
        )}
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
        {form.kind !== "pagerduty" && !isInstalling && <DigestFields form={form} onChange={change} />}
        {!isInstalling && (
          <TextField
            label="At most so many messages a minute"
            inputMode="numeric"
            value={form.perMinuteMax}
            onChange={(perMinuteMax) => change({ perMinuteMax })}
          />
        )}
        {!isInstalling && (
          <Checkbox label="The channel is on" checked={form.isOn} onChange={(isOn) => change({ isOn })} />
        )}
      </div>
    </SidePanel>
  );
}

/** At once, or all that happened as one message. */
function DigestFields({ form, onChange }: { form: ChannelForm; onChange: (part: Partial<ChannelForm>) => void }) {
  return (
    <div className="space-y-2">
      <Select
        label="Tells"
        value={form.tells}
        options={[
          { value: "now", label: "Each thing at once" },
          { value: "day", label: "A digest, once a day" },
          { value: "week", label: "A digest, once a week" },
        ]}
        onChange={(tells) => onChange({ tells })}
      />
      {form.tells !== "now" && (
        <>
          <div className="grid grid-cols-2 gap-3">
            {form.tells === "week" && (
              <Select
                label="On"
                value={form.weekday}
                options={weekdays}
                onChange={(weekday) => onChange({ weekday })}
              />
            )}
            <TextField label="At" type="time" value={form.at} onChange={(at) => onChange({ at })} />
            <TextField label="Time zone" value={form.timeZone} onChange={(timeZone) => onChange({ timeZone })} />
          </div>
          <Checkbox
            label="Also when nothing happened"
            checked={form.alsoQuiet}
            onChange={(alsoQuiet) => onChange({ alsoQuiet })}
          />
        </>
      )}
    </div>
  );
}
