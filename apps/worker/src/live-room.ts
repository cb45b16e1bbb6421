import { DurableObject } from "cloudflare:workers";
import type { WebSocket as LiveSocket } from "@cloudflare/workers-types";
import { liveCloseCodes } from "@finops/api/live";
import * as z from "zod";
import type { Env } from "./env.ts";
import { createWorkerApi, type WorkerApi } from "./worker-api.ts";

/** Of workerd: both ends of a new connection. */
declare const WebSocketPair: new () => { 0: LiveSocket; 1: LiveSocket };

/** What a socket keeps while the object sleeps. */
interface Reader {
  id: string;
  tenantId: string;
  url: string;
  /** What the reader signed in with, sealed under the company's key. */
  credentials: string;
  position: string;
}

const News = z.object({ events: z.array(z.unknown()), position: z.string(), isReset: z.boolean() });

/** Pages take 40 s of silence for a connection that is gone. */
const beatMs = 15_000;
const credentialHeaders = ["cookie", "authorization", "host", "cf-connecting-ip"] as const;

/**
 * Those who listen in one company. Each is asked for anew with its own credentials whenever there may be news, by the same route that
 * answers without an upgrade: so what is told, to whom, and until when, is decided in one place.
 */
export class LiveRoom extends DurableObject<Env> {
  #api: WorkerApi | null = null;
  #telling: Promise<void> = Promise.resolve();
  /** The round that those who ring are told by, until it begins. */
  #rung: Promise<void> | null = null;

  get #door(): WorkerApi {
    return (this.#api ??= createWorkerApi(this.env));
  }

  /** A request for an upgrade that the API has let in. */
  async fetch(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const [tenantId, after] = [request.headers.get("x-finops-tenant")!, url.searchParams.get("after")];
    url.search = "";
    const { 0: theirs, 1: ours } = new WebSocketPair();
    this.ctx.acceptWebSocket(ours);
    const id = crypto.randomUUID();
    const reader = {
      id,
      tenantId,
      url: url.toString(),
      credentials: await this.#seal(tenantId, id, request.headers),
      position: "0",
    };
    const now = await this.#ask(reader, null);
    if (now === null || !now.ok) ours.close(1011, "Live updates were interrupted. Connect again.");
    else {
      const position = after ?? News.parse(await now.json()).position;
      ours.serializeAttachment({ ...reader, position });
      ours.send(JSON.stringify({ type: "ready", position, at: this.#door.host.clock.now().toISOString() }));
      if ((await this.ctx.storage.getAlarm()) === null) await this.#beatLater();
    }
    return new Response(null, { status: 101, webSocket: theirs } as ResponseInit);
  }

  /** Something may have changed in the company, or who may read it. */
  ring(): Promise<void> {
    return (this.#rung ??= this.#inTurn(() => {
      this.#rung = null;
      return this.#tellAll(false);
    }));
  }

  async alarm(): Promise<void> {
    await this.#inTurn(() => this.#tellAll(true));
    if (this.ctx.getWebSockets().length > 0) await this.#beatLater();
  }

  webSocketMessage(socket: LiveSocket): void {
    socket.close(1008, "Nothing is to be said here.");
  }

  webSocketClose(socket: LiveSocket): void {
    socket.close();
  }

  #beatLater(): Promise<void> {
    return this.ctx.storage.setAlarm(this.#door.host.clock.now().getTime() + beatMs);
  }

  /** One round after the other: two at once would tell the same twice. */
  #inTurn(round: () => Promise<void>): Promise<void> {
    return (this.#telling = this.#telling.then(round));
  }

  async #tellAll(isBeat: boolean): Promise<void> {
    await Promise.all(this.ctx.getWebSockets().map((socket) => this.#tellOrClose(socket, isBeat)));
  }

  /** What goes wrong with one reader ends for that one: the others hear on, in this round and the next. */
  async #tellOrClose(socket: LiveSocket, isBeat: boolean): Promise<void> {
    try {
      await this.#tell(socket, isBeat);
    } catch (error) {
      this.#door.host.log.warn({ err: error }, "live updates of one reader ended");
      close(socket, undefined);
    }
  }

  async #tell(socket: LiveSocket, isBeat: boolean): Promise<void> {
    const reader = socket.deserializeAttachment() as Reader | null;
    if (reader === null) return;
    const answer = await this.#ask(reader, reader.position);
    if (answer === null || !answer.ok) return close(socket, answer?.status);
    const { events, position, isReset } = News.parse(await answer.json());
    if (isReset) socket.send(JSON.stringify({ type: "reset", position }));
    else if (events.length > 0) socket.send(JSON.stringify({ type: "events", events, position }));
    else if (isBeat) socket.send(JSON.stringify({ type: "beat", position }));
    if (position === reader.position) return;
    socket.serializeAttachment({ ...reader, position });
    // A full batch may be followed by more.
    if (events.length > 0) await this.#tell(socket, false);
  }

  async #ask({ id, tenantId, url, credentials }: Reader, after: string | null): Promise<Response | null> {
    const api = this.#door;
    try {
      const headers = await this.#inRequest(() => api.host.vault.ofCompany(tenantId).open(credentials, bindingOf(id)));
      const asked = after === null ? url : `${url}?after=${after}`;
      return await api.fetch(new Request(asked, { headers: JSON.parse(headers) as Record<string, string> }));
    } catch (error) {
      api.host.log.warn({ err: error }, "one reader of live updates cannot be asked for");
      return null;
    }
  }

  #seal(tenantId: string, id: string, headers: Headers): Promise<string> {
    const kept = credentialHeaders.flatMap((name) => {
      const value = headers.get(name);
      return value === null ? [] : [[name, value] as const];
    });
    const text = JSON.stringify(Object.fromEntries(kept));
    return this.#inRequest(() => this.#door.host.vault.ofCompany(tenantId).seal(text, bindingOf(id)));
  }

  #inRequest<T>(work: () => T): T {
    return this.#door.host.db.forRequest(this.env.DB.connectionString, work);
  }
}

function bindingOf(id: string): string {
  return `live-reader ${id}`;
}

function close(socket: LiveSocket, status: number | undefined): void {
  if (status === 401) socket.close(liveCloseCodes.sessionEnded, "The session has ended.");
  else if (status === 403) socket.close(liveCloseCodes.notAllowed, "You may not listen any more.");
  else socket.close(1011, "Live updates were interrupted. Connect again.");
}
