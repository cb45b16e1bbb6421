import { AppError } from "@finops/kernel/app-error";
import type { Context } from "../tenancy/context.ts";

/** A request that its sender may repeat: it is done once, and answered alike each time. */
export interface KeyedRequest {
  /** Method and path. */
  route: string;
  key: string;
  /** SHA-256 of the body, and of what its sender may do. */
  bodyHash: string;
}

export interface KeptAnswer {
  status: number;
  contentType: string;
  body: string;
}

const keptMs = 24 * 60 * 60 * 1000;
/** No request takes longer. One that did not end by then died with its program. */
const lockedMs = 10 * 60 * 1000;

/**
 * Takes the key for this request. Returns the answer that an equal request got before, or null when this one is to be done now:
 * then `keepAnswer` or `releaseKey` must follow. Throws `conflict` when the key was used for another body or with other access, and while an equal
 * request is being worked on. Keys of one actor say nothing to another.
 */
export async function takeKey(ctx: Context, request: KeyedRequest): Promise<KeptAnswer | null> {
  const now = ctx.host.clock.now();
  const { bodyHash } = request;
  return ctx.inTenant(async (tx) => {
    await tx.$queryRaw`select sweep_idempotency_keys(${now}::timestamptz)`;
    const fresh = {
      bodyHash,
      state: "running",
      lockedUntil: new Date(now.getTime() + lockedMs),
      createdAt: now,
      expiresAt: new Date(now.getTime() + keptMs),
    };
    const made = await tx.idempotencyKey.createMany({
      data: [{ ...idOf(ctx, request), ...fresh }],
      skipDuplicates: true,
    });
    if (made.count === 1) return null;
    const known = await tx.idempotencyKey.findFirst({ where: idOf(ctx, request) });
    if (known === null) throw underWay();
    if (known.bodyHash !== bodyHash)
      throw new AppError(
        "conflict",
        "This Idempotency-Key was used for another body, or with other access, in the last 24 hours. Take a new key for a new request.",
      );
    if (known.state === "done")
      return { status: known.status!, contentType: known.contentType ?? "", body: known.body ?? "" };
    // Of several that find a dead request, one takes it over.
    const taken = await tx.idempotencyKey.updateMany({
      where: { ...idOf(ctx, request), state: "running", lockedUntil: { lte: now } },
      data: fresh,
    });
    if (taken.count === 0) throw underWay();
    return null;
  });
}

export async function keepAnswer(ctx: Context, request: KeyedRequest, answer: KeptAnswer): Promise<void> {
  await ctx.inTenant((tx) =>
    tx.idempotencyKey.updateMany({ where: idOf(ctx, request), data: { state: "done", ...answer } }),
  );
}

/** Lets the request be sent again with the same key: nothing was changed. */
export async function releaseKey(ctx: Context, request: KeyedRequest): Promise<void> {
  await ctx.inTenant((tx) => tx.idempotencyKey.deleteMany({ where: idOf(ctx, request) }));
}

function idOf({ tenantId, actor }: Context, { route, key }: KeyedRequest) {
  return { tenantId, actorId: `${actor.kind}:${actor.id}`, route, key };
}

function underWay(): AppError {
  return new AppError("conflict", "A request with this Idempotency-Key is being worked on. Ask again in a moment.", {
    facts: { retryAfterSeconds: 1 },
  });
}
