const warnedMs = { idle: 2 * 60_000, absolute: 5 * 60_000 } as const;

export interface SessionEnds {
  expiresAt: string;
  idleUntil: string | null;
}

interface NearEnd {
  kind: "idle" | "absolute";
  at: string;
  /** Rounded up: never less than there are. */
  minutesLeft: number;
}

/** The end of a session that is near enough to warn of it; null where none is, or it is past. */
export function nextEnd({ expiresAt, idleUntil }: SessionEnds, nowMs: number): NearEnd | null {
  const kind = idleUntil !== null && Date.parse(idleUntil) < Date.parse(expiresAt) ? "idle" : "absolute";
  const at = kind === "idle" ? idleUntil! : expiresAt;
  const leftMs = Date.parse(at) - nowMs;
  if (leftMs <= 0 || leftMs > warnedMs[kind]) return null;
  return { kind, at, minutesLeft: Math.ceil(leftMs / 60_000) };
}
