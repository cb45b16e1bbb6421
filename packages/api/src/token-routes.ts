import { AppError } from "@finops/kernel/app-error";
import { auditAlone } from "@finops/platform/audit/audit";
import { accessTokenMinutes } from "@finops/platform/identity/access-tokens";
import type { KeyHolder } from "@finops/platform/identity/api-keys";
import {
  endTokenFamily,
  refreshDays,
  startTokenFamily,
  type TokenOwner,
  takeRefreshToken,
} from "@finops/platform/identity/refresh-tokens";
import { letsIn, networkPolicySection } from "@finops/platform/network/network-policy";
import { noteSecurityEvent } from "@finops/platform/security/security-events";
import { parseSection } from "@finops/platform/tenancy/company-settings";
import { type Context, createContext } from "@finops/platform/tenancy/context";
import { type Context as HonoContext, Hono } from "hono";
import * as z from "zod";
import { requireEntry } from "./company-state.ts";
import { type Door, findKeyCaller, refuseAddress } from "./identify.ts";
import { countSignIn } from "./rate-limits.ts";
import { readBody } from "./read-body.ts";
import { wayOf } from "./request-way.ts";

const TokenRequest = z.discriminatedUnion("grant_type", [
  /** With an API key in the header Authorization. */
  z.strictObject({ grant_type: z.literal("api_key"), client: z.string().trim().max(120).default("") }),
  z.strictObject({ grant_type: z.literal("refresh_token"), refresh_token: z.string().min(1).max(200) }),
]);

const RevokeRequest = z.strictObject({ refresh_token: z.string().min(1).max(200) });

/** Tokens of API clients: for a key that stays where it is, or for the token that came with the last one. */
export function tokenRoutes(door: Door): Hono {
  const app = new Hono();

  app.get("/.well-known/jwks.json", async (c) => {
    c.header("Cache-Control", "public, max-age=300");
    return c.json(await door.tokens.publicKeys());
  });

  app.post("/api/tokens", async (c) => {
    const request = await readBody(c, TokenRequest);
    if (request.grant_type === "refresh_token") return c.json(await refresh(door, c, request.refresh_token));
    const { ctx } = await findKeyCaller(door, c);
    const owner = { tenantId: ctx.tenantId, keyId: ctx.actor.id };
    const { familyId, refreshToken } = await startTokenFamily(door.host.db, door.host.clock, {
      ...owner,
      client: request.client,
      address: ctx.address,
    });
    await auditAlone(ctx, "token.given", { after: { family: familyId, client: request.client } });
    return c.json(await answer(door, { ...owner, familyId }, refreshToken));
  });

  // Says the same whether there was such a token or not.
  app.post("/api/tokens/revoke", async (c) => {
    const { refresh_token: token } = await readBody(c, RevokeRequest);
    const owner = await endTokenFamily(door.host.db, door.host.clock, token);
    if (owner !== null)
      await auditAlone(contextOfOwner(door, c, owner), "token.ended", { before: { family: owner.familyId } });
    return c.body(null, 204);
  });

  return app;
}

async function refresh(door: Door, c: HonoContext, token: string) {
  const { db, clock } = door.host;
  const { address } = wayOf(door, c);
  const admit = (holder: KeyHolder) => {
    requireEntry(holder.companyState, { isOwner: false });
    if (!letsIn(parseSection(holder.companySettings, networkPolicySection), address)) throw refuseAddress(address);
  };
  const refreshed = await takeRefreshToken(db, clock, token, admit);
  if (refreshed?.outcome === "rotated" || refreshed?.outcome === "grace")
    return answer(door, refreshed, refreshed.refreshToken);
  if (refreshed?.outcome === "reused")
    await noteSecurityEvent(contextOfOwner(door, c, refreshed), {
      kind: "token-reused",
      sentence: `A refresh token of the key "${refreshed.keyName}" was used again after it was replaced`,
      advice:
        "Somebody else may have it. All tokens of this client have ended; revoke the key as well if it may be known.",
      facts: { family: refreshed.familyId },
    });
  await countSignIn(door, c);
  throw new AppError("unauthenticated", "This refresh token is not valid any more. Get a token with an API key.");
}

async function answer(door: Door, owner: Omit<TokenOwner, "keyName">, refreshToken: string) {
  const { tenantId, keyId, familyId } = owner;
  return {
    access_token: await door.tokens.issue({ tenantId, keyId, familyId }),
    token_type: "Bearer",
    expires_in: accessTokenMinutes * 60,
    refresh_token: refreshToken,
    refresh_expires_in: refreshDays * 86_400,
  };
}

function contextOfOwner(door: Door, c: HonoContext, { tenantId, keyId, keyName }: TokenOwner): Context {
  return createContext(door.host, {
    tenantId,
    actor: { kind: "key", id: keyId, name: keyName },
    via: "key",
    address: wayOf(door, c).address,
    permissions: [],
    requestId: c.res.headers.get("x-request-id") ?? "",
  });
}
