import type {
  Channel,
  ChannelInput,
  ChannelTarget,
  Digest,
  SlackInstallInput,
} from "@finops/capabilities/alerts/contract";
import { ChannelInput as Input, SlackInstallInput as InstallInput } from "@finops/capabilities/alerts/contract";

/** A channel as it is typed. What is kept is never told, so of one that is changed the target begins empty. */
export interface ChannelForm {
  name: string;
  kind: Channel["kind"];
  /** Where in the workspace Slack's app tells. */
  place: string;
  to: string;
  url: string;
  secret: string;
  routingKey: string;
  perMinuteMax: string;
  isOn: boolean;
  /** `now` tells each thing at once. */
  tells: "now" | "day" | "week";
  weekday: string;
  at: string;
  timeZone: string;
  alsoQuiet: boolean;
}

export function channelFormOf(channel: Channel | null, timeZone: string): ChannelForm {
  const digest = channel?.digest ?? null;
  return {
    name: channel?.name ?? "",
    kind: channel?.kind ?? "email",
    place: "",
    to: "",
    url: "",
    secret: "",
    routingKey: "",
    perMinuteMax: String(channel?.perMinuteMax ?? 30),
    isOn: channel?.isOn ?? true,
    tells: digest?.every ?? "now",
    weekday: String(digest?.weekday ?? 1),
    at: digest?.at ?? "08:00",
    timeZone: digest?.timeZone ?? timeZone,
    alsoQuiet: digest?.alsoQuiet ?? false,
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
    digest: digestOf(form),
    ...(keepsTarget ? {} : { target: targetOf(form) }),
  });
  if (!parsed.success) return { input: null, problem: parsed.error.issues[0]!.message };
  const target = "target" in parsed.data ? (parsed.data.target as ChannelTarget) : null;
  return { input: { ...parsed.data, target }, problem: null };
}

function digestOf({ kind, tells, weekday, at, timeZone, alsoQuiet }: ChannelForm): unknown {
  if (tells === "now" || kind === "pagerduty") return null;
  return { every: tells, weekday: Number(weekday), at, timeZone: timeZone.trim(), alsoQuiet };
}

export const weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"].map(
  (label, index) => ({ value: String(index + 1), label }),
);

/** "At once", "Daily at 08:00", "Mondays at 08:00". */
export function digestWords(digest: Digest | null): string {
  if (digest === null) return "At once";
  return `${digest.every === "day" ? "Daily" : `${weekdays[digest.weekday - 1]!.label}s`} at ${digest.at}`;
}

/** What installing Slack's app begins with, or the first thing that is wrong with it. */
export function readInstall({
  name,
  place,
}: ChannelForm): { input: SlackInstallInput; problem: null } | { input: null; problem: string } {
  const parsed = InstallInput.safeParse({ name, place });
  return parsed.success
    ? { input: parsed.data, problem: null }
    : { input: null, problem: parsed.error.issues[0]!.message };
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
