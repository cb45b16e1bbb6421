export interface StartedHost {
  /** What the journeys are told of it: see apps/web/e2e/start-servers.ts. */
  env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}
