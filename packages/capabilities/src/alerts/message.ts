import * as z from "zod";
import { Severity } from "./contract.ts";
import { AlertPicture } from "./picture.ts";

/** What a channel is given to tell: alerts of one rule that turned alike in one look, all of a day or a week, or a trial. */
export const AlertMessage = z.object({
  what: z.enum(["fired", "reopened", "woken", "escalated", "acknowledged", "resolved", "digest", "test"]),
  severity: Severity,
  rule: z.string(),
  company: z.string(),
  at: z.string(),
  /** Where the alerts are told whole. */
  url: z.string(),
  alerts: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      message: z.string(),
      url: z.string(),
      picture: AlertPicture.optional(),
      /** What those that stand together have in common; a digest has several. */
      group: z.string().optional(),
    }),
  ),
  /** Of a digest: what happened, in few words, and how many alerts are not listed. */
  digest: z.object({ summary: z.string(), more: z.number() }).optional(),
  /** The message that it takes the place of, where it was told, and how its alerts stand by now, by their ids. */
  replaces: z.object({ receipt: z.unknown(), states: z.record(z.string(), z.string()) }).optional(),
});
export type AlertMessage = z.infer<typeof AlertMessage>;

/** So many alerts are listed for people to read; the page has all. */
const listedMax = 20;

export interface Listed {
  groups: { name: string | null; alerts: AlertMessage["alerts"] }[];
  more: number;
}

export function listed({ alerts, digest }: AlertMessage): Listed {
  const groups: Listed["groups"] = [];
  for (const alert of alerts.slice(0, listedMax)) {
    const name = alert.group ?? null;
    const last = groups.at(-1);
    if (last !== undefined && last.name === name) last.alerts.push(alert);
    else groups.push({ name, alerts: [alert] });
  }
  return { groups, more: Math.max(0, alerts.length - listedMax) + (digest?.more ?? 0) };
}

const turnWords: Readonly<Record<AlertMessage["what"], string>> = {
  fired: "Alert",
  reopened: "Alert again",
  woken: "Still an alert",
  escalated: "Nobody looks after it",
  acknowledged: "Acknowledged",
  resolved: "Resolved",
  digest: "Digest",
  test: "Test",
};

/** The first line of a message, wherever it is told. */
export function headline({ what, rule, alerts, digest }: AlertMessage): string {
  if (digest !== undefined) return oneLine(`Digest: ${digest.summary}`);
  const [first] = alerts;
  const about = alerts.length === 1 && first !== undefined ? first.title : `${alerts.length} alerts`;
  return oneLine(what === "test" ? `Test of a channel: ${rule}` : `${turnWords[what]}: ${rule}: ${about}`);
}

/** Everything in plain text. */
export function plainText(message: AlertMessage): string {
  const { company, at, severity, url } = message;
  const { groups, more } = listed(message);
  return [
    headline(message),
    "",
    ...groups.flatMap(({ name, alerts }) => [
      ...(name === null ? [] : [name, ""]),
      ...alerts.flatMap((alert) => [alert.message, alert.url, ""]),
    ]),
    ...(more > 0 ? [`And ${more} more.`, ""] : []),
    `${company}, ${at}, severity ${severity}.`,
    url,
    "",
  ].join("\n");
}

/** A subject or a title has no line breaks, whatever a name holds. */
function oneLine(text: string): string {
  const line = text.replaceAll(/[\s\p{Cc}]+/gu, " ").trim();
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}
