import type { Mail } from "@finops/platform/mail/mail";
import type { OutsideAccess } from "@finops/platform/network/outside-call";
import type { ChannelKind, ChannelTarget } from "../contract.ts";
import type { AlertMessage } from "../message.ts";

/** What is to be brought somewhere. */
export interface Parcel {
  /** The same each time that it is tried: what a receiver knows it by when it comes twice. */
  id: string;
  message: AlertMessage;
}

/** How a host reaches the outside. */
export interface Reach {
  mail: Mail;
  outside: OutsideAccess;
  now: Date;
  signal?: AbortSignal | undefined;
}

export type TargetOf<K extends ChannelKind> = Extract<ChannelTarget, { kind: K }>;

/** One way to tell people. It knows nothing of rules and costs, and no other provider. */
export interface ChannelProvider<K extends ChannelKind> {
  /** As much of where it goes as is no secret. */
  addressOf(target: TargetOf<K>): string;
  /** @throws AppError upstream when it did not arrive, with `isFinal` among its facts where trying again is in vain */
  deliver(target: TargetOf<K>, parcel: Parcel, reach: Reach): Promise<void>;
}
