import type { MessageBatch } from "@cloudflare/workers-types";
import type { LiveReader } from "@finops/api/live";
import type { Env } from "./env.ts";
import { createFlags, type Flags } from "./flags.ts";
import { answerFailure, underMaintenance } from "./problem-answer.ts";
import { roomOf } from "./room-of.ts";
import { goRound, queueRounds, Round } from "./rounds.ts";
import { createWorkerApi, type WorkerApi } from "./worker-api.ts";
import { createWorkerLog } from "./worker-log.ts";

export { LiveRoom } from "./live-room.ts";

/** What an isolate keeps between requests. */
interface Kept {
  api: WorkerApi;
  flags: () => Promise<Flags>;
}

let kept: Kept | null = null;

function keep(env: Env): Kept {
  if (kept !== null) return kept;
  const api = createWorkerApi(env);
  return (kept = { api, flags: createFlags(env.EDGE, () => api.host.clock.now().getTime()) });
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    try {
      return await answer(request, env);
    } catch (error) {
      createWorkerLog(env.FINOPS_LOG ?? "warn").error({ err: error }, "a request failed before the API had it");
      return answerFailure(error);
    }
  },

  async scheduled(_event: unknown, env: Env): Promise<void> {
    await queueRounds(env.ROUNDS);
  },

  async queue(batch: MessageBatch<unknown>, env: Env): Promise<void> {
    const { host } = keep(env).api;
    for (const message of batch.messages)
      try {
        await host.db.forRequest(env.DB.connectionString, () => goRound(host, Round.parse(message.body)));
        message.ack();
      } catch (error) {
        host.log.error({ err: error, round: message.body }, "a round failed; it is tried again");
        message.retry();
      }
  },
};

async function answer(request: Request, env: Env): Promise<Response> {
  const { api, flags } = keep(env);
  const { maintenance, isLiveOn } = await flags();
  if (maintenance !== null && new URL(request.url).pathname !== "/healthz") return underMaintenance(maintenance);
  let reader: LiveReader | null = null;
  const answered = await api.fetch(request, isLiveOn ? { acceptLive: (_, accepted) => (reader = accepted) } : {});
  return reader === null ? answered : enterRoom(env, request, reader);
}

function enterRoom(env: Env, request: Request, { tenantId, after }: LiveReader): Promise<Response> {
  const headers = new Headers(request.headers);
  headers.set("x-finops-tenant", tenantId);
  const url = new URL(request.url);
  url.search = after === null ? "" : `?after=${after}`;
  return roomOf(env, tenantId).fetch(new Request(url, { headers }));
}
