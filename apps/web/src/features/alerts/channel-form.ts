import type { Channel, ChannelInput, ChannelKind, ChannelTarget } from "@finops/capabilities/alerts/contract";
import { ChannelInput as Input } from "@finops/capabilities/alerts/contract";

/** A channel as it is typed. What is kept is never told, so of one that is changed the target begins empty. */
export interface ChannelForm {
  name: string;
  kind: ChannelKind;
  to: string;
  url: string;
  secret: string;
  routingKey: string;
  perMinuteMax: string;
  isOn: boolean;
}

export function channelFormOf(channel: Channel | null): ChannelForm {
  return {
    name: channel?.name ?? "",
    kind: channel?.kind ?? "email",
    to: "",
    url: "",
    secret: "",
    routingKey: "",
    perMinuteMax: String(channel?.perMinuteMax ?? 30),
    isOn: channel?.isOn ?? true,
  };
}

export type ReadChannel =
  | { input: Omit<ChannelInput, "target"> & { target: ChannelTarget | null }; problem: null }
  | { input: null; problem: string };

/** The channel as it would be kept, or the first thing that is wrong with it; of one that there is, an empty target stays. */
export function readChannel(form: ChannelForm, kept: Channel | null): ReadChannel {
  const keepsTarget = kept !== null && isEmpty(form);
  const parsed = (keepsTarget ? Input.omit({ target: true }) : Input).safeParse({
    name: form.name,
    isOn: form.isOn,
    perMinuteMax: Number(form.perMinuteMax),
    ...(keepsTarget ? {} : { target: targetOf(form) }),
  });
  if (!parsed.success) return { input: null, problem: parsed.error.issues[0]!.message };
  const target = "target" in parsed.data ? (parsed.data.target as ChannelTarget) : null;
  return { input: { ...parsed.data, target }, problem: null };
}

function isEmpty({ to, url, secret, routingKey }: ChannelForm): boolean {
  return `${to}${url}${secret}${routingKey}`.trim() === "";
}

function targetOf({ kind, to, url, secret, routingKey }: ChannelForm): unknown {
  if (kind === "email")
    return {
      kind,
      to: to.split(/[\s,;]+/).filter((address) => address !== ""),
    };
  if (kind === "pagerduty") return { kind, routingKey: routingKey.trim() };
  return kind === "webhook" ? { kind, url: url.trim(), secret } : { kind, url: url.trim() };
}
