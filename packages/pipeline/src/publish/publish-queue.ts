import type { Day } from "@finops/kernel/period";
import type { Context } from "@finops/platform/tenancy/context";
import type { PipelineHost } from "../pipeline-host.ts";
import { publishVersions, type PublishOptions } from "./publish-period.ts";

/** A version in the lake that waits to become current. */
export interface WaitingVersion {
  versionId: string;
  lakePrefix: string;
  sourceId: string;
  billingPeriod: Day;
}

/** Collects versions, so that a period which several bills touch is built once and not once for each. */
export class PublishQueue {
  readonly #ctx: Context;
  readonly #pipeline: PipelineHost;
  readonly #options: PublishOptions;
  #waiting: WaitingVersion[] = [];

  constructor(ctx: Context, pipeline: PipelineHost, options: PublishOptions) {
    this.#ctx = ctx;
    this.#pipeline = pipeline;
    this.#options = options;
  }

  add(version: WaitingVersion): void {
    this.#waiting.push(version);
  }

  /** Publishes every period of which a waiting version is wanted; all of them when no choice is given. */
  async flush(isWanted: (version: WaitingVersion) => boolean = () => true, onPeriod: (share: number) => void = () => undefined): Promise<void> {
    const periods = [...new Set(this.#waiting.filter(isWanted).map((version) => version.billingPeriod))].toSorted();
    for (const [index, period] of periods.entries()) {
      const versions = this.#waiting.filter((version) => version.billingPeriod === period);
      await publishVersions(this.#ctx, this.#pipeline, versions.map((version) => version.versionId), period, this.#options);
      this.#waiting = this.#waiting.filter((version) => version.billingPeriod !== period);
      onPeriod((index + 1) / periods.length);
    }
  }

  /** Forgets what was not published, and removes it from the lake. */
  async discard(): Promise<void> {
    const ids = this.#waiting.map((version) => version.versionId);
    for (const { lakePrefix } of this.#waiting) await this.#ctx.host.files.deleteAll(`${lakePrefix}/`);
    await this.#ctx.inTenant((tx) => tx.datasetVersion.deleteMany({ where: { id: { in: ids }, state: "ready" } }));
    this.#waiting = [];
  }
}
