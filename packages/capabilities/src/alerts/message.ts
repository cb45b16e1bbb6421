import * as z from "zod";
import { Severity } from "./contract.ts";

/** What a channel is given to tell: alerts of one rule that turned alike in one look, or a trial. */
export const AlertMessage = z.object({
  what: z.enum(["fired", "reopened", "woken", "acknowledged", "resolved", "test"]),
  severity: Severity,
  rule: z.string(),
  company: z.string(),
  at: z.string(),
  /** Where the alerts are told whole. */
  url: z.string(),
  alerts: z.array(z.object({ id: z.string(), title: z.string(), message: z.string(), url: z.string() })),
});
export type AlertMessage = z.infer<typeof AlertMessage>;

/** So many alerts are listed for people to read; the page has all. */
const listedMax = 20;

export function listed({ alerts }: AlertMessage): { alerts: AlertMessage["alerts"]; more: number } {
  return { alerts: alerts.slice(0, listedMax), more: Math.max(0, alerts.length - listedMax) };
}

const turnWords: Readonly<Record<AlertMessage["what"], string>> = {
  fired: "Alert",
  reopened: "Alert again",
  woken: "Still an alert",
  acknowledged: "Acknowledged",
  resolved: "Resolved",
  test: "Test",
};

/** The first line of a message, wherever it is told. */
export function headline({ what, rule, alerts }: AlertMessage): string {
  const [first] = alerts;
  const about = alerts.length === 1 && first !== undefined ? first.title : `${alerts.length} alerts`;
  return oneLine(what === "test" ? `Test of a channel: ${rule}` : `${turnWords[what]}: ${rule}: ${about}`);
}

/** Everything in plain text. */
export function plainText(message: AlertMessage): string {
  const { company, at, severity, url } = message;
  const { alerts, more } = listed(message);
  return [
    headline(message),
    "",
    ...alerts.flatMap((alert) => [alert.message, alert.url, ""]),
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
