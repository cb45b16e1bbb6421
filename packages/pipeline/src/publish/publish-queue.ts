import type { Day } from "@finops/kernel/period";
import type { Context } from "@finops/platform/tenancy/context";
import type { OpenedSource } from "../landing/sources.ts";
import type { PipelineHost } from "../pipeline-host.ts";
import { discardVersions } from "./discard-versions.ts";
import type { PublishOptions } from "./commit-under-lease.ts";
import { publishVersions } from "./publish-period.ts";

/** A version in the lake that waits to become current. */
export interface WaitingVersion {
  versionId: string;
  source: OpenedSource;
  landingId: string;
  billingPeriod: Day;
}

/** Periods that are built at the same time: a small one leaves a core idle. */
const builtAtOnce = 2;

/** Collects versions, so that a period which several bills touch is built once and not once for each. */
export class PublishQueue {
  readonly #ctx: Context;
  readonly #pipeline: PipelineHost;
  readonly #options: PublishOptions;
  #waiting: WaitingVersion[] = [];
  #hasFailed = false;

  constructor(ctx: Context, pipeline: PipelineHost, options: PublishOptions) {
    this.#ctx = ctx;
    this.#pipeline = pipeline;
    this.#options = options;
  }

  add(version: WaitingVersion): void {
    this.#waiting.push(version);
  }

  versionsOf(billingPeriod: Day): string[] {
    return this.#waiting
      .filter((version) => version.billingPeriod === billingPeriod)
      .map((version) => version.versionId);
  }

  /** A source that an earlier bill of this import opened, and that is not published yet, is taken back to before that bill. */
  sourceInWork(source: OpenedSource): OpenedSource {
    return this.#waiting.find((version) => version.source.id === source.id)?.source ?? source;
  }

  /** Publishes every period of which a waiting version is wanted; all of them when no choice is given. */
  async flush(
    isWanted: (version: WaitingVersion) => boolean = () => true,
    onPeriod: (share: number) => void = () => undefined,
  ): Promise<void> {
    const periods = [...new Set(this.#waiting.filter(isWanted).map((version) => version.billingPeriod))].toSorted();
    let published = 0;
    const next = periods.values();
    const publishNext = async () => {
      for (const period of next) {
        if (this.#hasFailed) return;
        await publishVersions(this.#ctx, this.#pipeline, this.versionsOf(period), period, this.#options).catch(
          (error: unknown) => {
            this.#hasFailed = true;
            throw error;
          },
        );
        this.#waiting = this.#waiting.filter((version) => version.billingPeriod !== period);
        published += 1;
        onPeriod(published / periods.length);
      }
    };
    const builders = Array.from({ length: builtAtOnce }, publishNext);
    // What is still being published must not be taken back meanwhile.
    await Promise.allSettled(builders);
    await Promise.all(builders);
  }

  /** True when a period could not be published: it must not be tried again behind the back of the error. */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** Forgets what was not published, and takes it back. */
  async discard(): Promise<void> {
    for (const { versionId, ...rest } of this.#waiting)
      await discardVersions(this.#ctx, { versionIds: [versionId], ...rest });
    this.#waiting = [];
  }
}
