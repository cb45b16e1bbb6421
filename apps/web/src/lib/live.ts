import { useEffect, useRef } from "react";
import { create } from "zustand";
import { request } from "./api.ts";
import { noteServerTime } from "./server-clock.ts";

/** Topics of packages/platform/src/events/topics.ts with what their events carry. */
export interface LiveBodies {
  /** The key is the import's id. */
  import: { kind: string; state: string; progress: unknown; cancelRequested: boolean };
  /** The key is the work item's id. */
  job: { kind: string; state: string; progress: unknown; cancelRequested: boolean };
  /** The key is always `all`: which budgets moved is asked for. */
  budgets: Record<string, never>;
  /** The same. */
  alerts: Record<string, never>;
  /** The key is the reader. */
  inbox: Record<string, never>;
  /** The key is the billing period's first day. */
  published: { billingPeriod: string; position: string; kind: "publish" | "rollback" | "remove" };
}
export type LiveTopic = keyof LiveBodies;

/** The newest state of one thing that changed; states in between may be left out. */
export interface LiveEvent<T extends LiveTopic = LiveTopic> {
  position: string;
  topic: T;
  key: string;
  at: string;
  body: LiveBodies[T];
}

/**
 * How the page hears of changes: `live` by the socket, `connecting` before the first, `reconnecting` after it broke,
 * `polling` where there cannot be one, `off` while nobody is signed in.
 */
export type LiveState = "connecting" | "live" | "reconnecting" | "polling" | "off";

export const useLive = create<{ state: LiveState }>()(() => ({ state: "off" }));

type Listener = (events: readonly LiveEvent[]) => void;
const listeners = new Set<Listener>();
const missedListeners = new Set<() => void>();

/** Calls back with the changes of a topic, several at once; returns what ends it. */
export function onLive<T extends LiveTopic>(topic: T, listener: (events: readonly LiveEvent<T>[]) => void): () => void {
  const hear: Listener = (events) => {
    const heard = events.filter((event): event is LiveEvent<T> => event.topic === topic);
    if (heard.length > 0) listener(heard);
  };
  listeners.add(hear);
  return () => listeners.delete(hear);
}

/** Calls back when changes may have been missed and cannot be told any more, as after a restore: read anew what is shown. */
export function onLiveMissed(listener: () => void): () => void {
  missedListeners.add(listener);
  return () => missedListeners.delete(listener);
}

/** `onLive` for as long as the component is there. */
export function useLiveEvents<T extends LiveTopic>(
  topic: T,
  listener: (events: readonly LiveEvent<T>[]) => void,
): void {
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => onLive(topic, (events) => latest.current(events)), [topic]);
}

interface LiveAnswer {
  events: LiveEvent[];
  position: string;
  isReset: boolean;
}
type LiveMessage = { position: string } & (
  | { type: "ready"; at: string }
  | { type: "events"; events: LiveEvent[] }
  | { type: "reset" | "beat" }
);

const firstWaitMs = 500;
const longestWaitMs = 30_000;
/** The server says something at least every 15 seconds. */
const silenceMaxMs = 40_000;
const pollMs = 5000;
/** So many attempts in a row that never became a connection: something in between does not let sockets through. */
const failuresToPoll = 3;
const socketRetryMs = 60_000;
const sessionEndedCode = 4401;
const notAllowedCode = 4403;

/** Connects, and again whenever it breaks, going on after the last position that was heard. One connection per tab. */
export function keepListening(onSessionEnded: () => void): { stop(): void } {
  const stopped = new AbortController();
  let position: string | null = null;
  let failures = 0;

  async function listen(): Promise<void> {
    while (!stopped.signal.aborted) {
      const { code, wasOpen } = await converse();
      if (stopped.signal.aborted) return;
      if (code === sessionEndedCode || code === notAllowedCode) {
        useLive.setState({ state: "off" });
        onSessionEnded();
        return;
      }
      failures = wasOpen ? 0 : failures + 1;
      if (failures >= failuresToPoll) await pollForAWhile();
      else {
        useLive.setState({ state: "reconnecting" });
        await waitOrWake(backoff(failures), stopped.signal);
      }
    }
  }

  /** One connection, from its opening to its end. */
  function converse(): Promise<{ code: number; wasOpen: boolean }> {
    return new Promise((resolve) => {
      const url = new URL("/api/v1/live", location.href);
      url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
      if (position !== null) url.searchParams.set("after", position);
      const socket = new WebSocket(url);
      let wasOpen = false;
      let isOver = false;
      const end = (code: number) => {
        if (isOver) return;
        isOver = true;
        clearTimeout(silence);
        stopped.signal.removeEventListener("abort", leave);
        socket.close();
        resolve({ code, wasOpen });
      };
      const leave = () => end(1000);
      // A network that is gone ends no connection; only its silence tells.
      let silence = setTimeout(leave, silenceMaxMs);
      stopped.signal.addEventListener("abort", leave);
      socket.onmessage = ({ data }: MessageEvent<string>) => {
        if (isOver) return;
        clearTimeout(silence);
        silence = setTimeout(leave, silenceMaxMs);
        const message = JSON.parse(data) as LiveMessage;
        if (message.type === "ready") {
          wasOpen = true;
          failures = 0;
          noteServerTime(message.at);
          useLive.setState({ state: "live" });
        }
        take(message.position, message.type === "events" ? message.events : [], message.type === "reset");
      };
      socket.onclose = ({ code }) => end(code);
    });
  }

  /** What was heard is told before the position moves on: a listener that fails hears it again after the next break. */
  function take(next: string, events: readonly LiveEvent[], isReset: boolean): void {
    if (isReset) for (const listener of missedListeners) listener();
    if (events.length > 0) for (const listener of listeners) listener(events);
    position = next;
  }

  async function pollForAWhile(): Promise<void> {
    const until = performance.now() + socketRetryMs;
    while (performance.now() < until && !stopped.signal.aborted) {
      const query = position === null ? "" : `?after=${position}`;
      const answer = await request<LiveAnswer>(`/api/v1/live${query}`, { signal: stopped.signal }).catch(() => null);
      useLive.setState({ state: answer === null ? "reconnecting" : "polling" });
      if (answer !== null) take(answer.position, answer.events, answer.isReset);
      await waitOrWake(pollMs, stopped.signal);
    }
  }

  useLive.setState({ state: "connecting" });
  void listen();
  return {
    stop() {
      stopped.abort();
      useLive.setState({ state: "off" });
    },
  };
}

/** Half of the wait is chance, so that the pages of a whole company do not come back in one moment after a restart. */
export function backoff(failures: number, chance: number = Math.random()): number {
  const longest = Math.min(longestWaitMs, firstWaitMs * 2 ** failures);
  return longest / 2 + (longest / 2) * chance;
}

/** A network that is back, or somebody who returns to the page, is a reason to try at once. */
function waitOrWake(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const over = new AbortController();
    const done = () => {
      over.abort();
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(done, ms);
    const options = { once: true, signal: over.signal };
    addEventListener("online", done, options);
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && done(), options);
    signal.addEventListener("abort", done, options);
  });
}
