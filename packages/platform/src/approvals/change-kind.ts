import type * as z from "zod";
import type { Context } from "../tenancy/context.ts";

interface AnyChangeKind<P, R> {
  /** Stands in stored requests, so it stays as it is: `grant.give`. */
  key: string;
  /** The key of the policy that it falls under: `grants`. */
  policy: string;
  /** What is changed, as it came; it is stored while the change waits, so it holds no secrets. */
  payload: z.ZodType<P>;
  /** What it replaces, as it stands and in the form of the result; left out where everything is new. */
  before?(ctx: Context, payload: P): Promise<R>;
  /** Makes the change, with every check of who asks for it. What reaches out, such as a mail, belongs into `afterwards`. */
  apply(ctx: Context, payload: P): Promise<AppliedChange<R>>;
}

/** One that is made in `ctx.inTenant` alone: it is tried before anybody is asked, and taken back. */
export interface TriedChangeKind<P, R> extends AnyChangeKind<P, R> {
  /** The sentence that those who approve read, from what the change would come to. */
  describe(result: R, payload: P): string;
  check?: never;
}

/** One that takes several transactions or reaches beyond the database. */
interface CheckedChangeKind<P, R> extends AnyChangeKind<P, R> {
  /** Refuses what `apply` would refuse, and gives the sentence that those who approve read. */
  check(ctx: Context, payload: P): Promise<string>;
  describe?: never;
}

/**
 * A kind of change that a company may want approved by somebody else. A capability declares its kinds, changes by
 * `requestOrApply`, and the door gives all kinds to the routes of approvals, which apply what was approved.
 */
export type ChangeKind<P = unknown, R = unknown> = TriedChangeKind<P, R> | CheckedChangeKind<P, R>;

export interface AppliedChange<R> {
  /** What the change came to; it is kept with the request, so it holds no secrets. */
  result: R;
  /** Done once the change is certain. */
  afterwards?: () => Promise<void>;
}

/** What can be approved, in the words of who sets the policy. */
export interface PolicyInfo {
  key: string;
  about: string;
}
