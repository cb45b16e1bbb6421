import type { Mail } from "@finops/platform/mail/mail";
import type { OutsideAccess } from "@finops/platform/network/outside-call";
import type { SlackApp } from "@finops/platform/network/slack-app";
import * as z from "zod";
import { ChannelTarget } from "../contract.ts";
import type { ChartData } from "../../pictures/index.ts";
import type { AlertMessage } from "../message.ts";
import type { ReportMessage } from "../report-message.ts";

/** A workspace that Slack's app was installed into; nobody writes one down. */
const SlackAppTarget = z.strictObject({
  kind: z.literal("slack-app"),
  teamId: z.string(),
  teamName: z.string(),
  token: z.string(),
  place: z.string(),
});
/** Where a channel goes, as it is kept. */
export const KeptTarget = z.union([ChannelTarget, SlackAppTarget]);
export type KeptTarget = z.infer<typeof KeptTarget>;
export type KeptKind = KeptTarget["kind"];

/** What is to be brought somewhere. */
export interface Parcel {
  /** The same each time that it is tried: what a receiver knows it by when it comes twice. */
  id: string;
  message: AlertMessage;
}

/** A report that is to be brought somewhere, by the same rules. */
export interface ReportParcel {
  id: string;
  report: ReportMessage;
}

/** A picture of a chart. */
export type DrawPng = (chart: ChartData) => Uint8Array;

/** How a host reaches the outside. */
export interface Reach {
  mail: Mail;
  outside: OutsideAccess;
  now: Date;
  /** Draws charts; left out where a host cannot. */
  png?: DrawPng | undefined;
  /** Left out, there is no app. */
  slack?: SlackApp | null;
  /** Told what a message is known by where it came to, by who can change it there. */
  keepReceipt?: (receipt: object) => void;
  signal?: AbortSignal | undefined;
}

export type TargetOf<K extends KeptKind> = Extract<KeptTarget, { kind: K }>;

/** One way to tell people. It knows nothing of rules and costs, and no other provider. */
export interface ChannelProvider<K extends KeptKind> {
  /** As much of where it goes as is no secret. */
  addressOf(target: TargetOf<K>): string;
  /** @throws AppError upstream when it did not arrive, with `isFinal` among its facts where trying again is in vain */
  deliver(target: TargetOf<K>, parcel: Parcel, reach: Reach): Promise<void>;
  /** The same of a report; left out where nobody reads one. */
  deliverReport?(target: TargetOf<K>, parcel: ReportParcel, reach: Reach): Promise<void>;
}
