import { useLatest } from "@finops/ui/table/use-latest";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { ApiProblem, request } from "../api.ts";
import { noteLost, useConnection } from "../connection.ts";
import { useToasts } from "../toasts.tsx";
import { type Change, documentKey, documentPath, type Kind, kindWords, type Whole } from "./document-queries.ts";

/** What one change of somebody is refused for: another was faster. */
export interface Conflict<K extends Kind> {
  by: string;
  /** As the person had it. */
  mine: Whole<K>;
}

export interface DocumentEdits<K extends Kind> {
  /** What is kept, with what is not kept yet. */
  shown: Whole<K>;
  /** `waiting`: there is no connection; it is sent when there is one. */
  state: "kept" | "saving" | "waiting";
  conflict: Conflict<K> | null;
  /** Shows it at once and keeps it a moment later. */
  change: (change: Change<K>) => void;
  /** The same, made of what is shown then: for an undo that comes later. */
  changeBy: (make: (shown: Whole<K>) => Change<K>) => void;
  /** Keeps what is not kept yet, without a wait; tells whether all is. */
  flush: () => Promise<boolean>;
  /** After a conflict: takes what the other made, and lets go of one's own. */
  loadNewer: () => void;
}

/** Changes that follow each other become one version. */
const gatherMs = 800;

/**
 * Edits of a document, seen at once and kept with the version that they were made on. One that is refused is taken back with
 * its reason; without a connection they stay on the screen and are sent when it is back.
 */
export function useDocumentEdits<K extends Kind>(kind: K, read: Whole<K>): DocumentEdits<K> {
  const client = useQueryClient();
  const tell = useToasts((toasts) => toasts.show);
  const isLost = useConnection((connection) => connection.isLost);
  const [pending, setPending] = useState<Change<K> | null>(null);
  const [sending, setSending] = useState<Change<K> | null>(null);
  const [conflict, setConflict] = useState<Conflict<K> | null>(null);
  // The answer to a change is here a moment before the page is given it; in between, the change must not be gone.
  const [answered, setAnswered] = useState<Whole<K> | null>(null);
  const kept = answered !== null && answered.version > read.version ? answered : read;
  // What runs later must see what is, and not what was when it was planned.
  const now = useRef({ pending, sending, base: kept.version });
  const latest = useLatest(kept);
  const put = useCallback((next: { pending?: Change<K> | null; sending?: Change<K> | null }) => {
    Object.assign(now.current, next);
    setPending(now.current.pending);
    setSending(now.current.sending);
  }, []);

  const change = useCallback(
    (patch: Change<K>) => {
      const { pending: waiting, sending: sent } = now.current;
      if (waiting === null && sent === null) now.current.base = latest.current.version;
      put({ pending: { ...waiting, ...patch } });
    },
    [put, latest],
  );

  const changeBy = useCallback(
    (make: (shown: Whole<K>) => Change<K>) => {
      const { sending: sent, pending: waiting } = now.current;
      change(make({ ...latest.current, ...sent, ...waiting }));
    },
    [change, latest],
  );

  const send = useCallback(async () => {
    const { pending: wanted, sending: running, base } = now.current;
    if (wanted === null || running !== null) return;
    put({ pending: null, sending: wanted });
    try {
      const next = await request<Whole<K>>(documentPath(kind, kept.id), {
        method: "PATCH",
        body: { ...wanted, version: base },
      });
      now.current.base = next.version;
      client.setQueryData(documentKey(kind, kept.id), next);
      setAnswered(next);
      put({ sending: null });
      void client.invalidateQueries({ queryKey: documentKey(kind), exact: true });
      void client.invalidateQueries({ queryKey: documentKey(kind, kept.id, "versions") });
    } catch (error) {
      noteLost(error);
      const mine = { ...wanted, ...now.current.pending } as Change<K>;
      if (error instanceof ApiProblem && (error.code === "offline" || error.code === "unauthenticated"))
        return put({ sending: null, pending: mine });
      put({ sending: null, pending: null });
      const by = error instanceof ApiProblem && error.code === "conflict" ? error.facts["changedBy"] : undefined;
      if (typeof by === "string") setConflict({ by, mine: { ...latest.current, ...mine } });
      tell({
        id: kind,
        tone: "error",
        title: typeof by === "string" ? `${by} was faster.` : `The ${kindWords[kind].one} was not changed.`,
        body: error instanceof Error ? error.message : "Try it again.",
      });
    }
  }, [kind, kept.id, latest, client, put, tell]);

  useEffect(() => {
    if (pending === null || sending !== null || isLost) return;
    const timer = setTimeout(() => void send(), gatherMs);
    return () => clearTimeout(timer);
  }, [pending, sending, isLost, send]);

  const flush = useCallback(async () => {
    await send();
    // A change that is on its way already has its own answer.
    for (let tries = 0; now.current.sending !== null && tries < 50; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 100));
    if (now.current.pending !== null && !useConnection.getState().isLost) await send();
    return now.current.pending === null && now.current.sending === null;
  }, [send]);

  const loadNewer = useCallback(() => {
    setConflict(null);
    void client.invalidateQueries({ queryKey: documentKey(kind, kept.id) });
  }, [client, kind, kept.id]);

  const shown = useMemo(() => ({ ...kept, ...sending, ...pending }), [kept, sending, pending]);
  const isDirty = pending !== null || sending !== null;
  return {
    shown,
    state: !isDirty ? "kept" : isLost ? "waiting" : "saving",
    conflict,
    change,
    changeBy,
    flush,
    loadNewer,
  };
}
