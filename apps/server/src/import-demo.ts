import { rm } from "node:fs/promises";
import { join } from "node:path";
import { DemoDataPayload } from "@finops/capabilities/companies/index";
import { newId } from "@finops/kernel/id";
import type { Day } from "@finops/kernel/period";
import { allPermissions } from "@finops/platform/access/permissions";
import type { Job } from "@finops/platform/jobs/worker";
import { type Context, createContext } from "@finops/platform/tenancy/context";
import type { PipelineHost } from "@finops/pipeline/pipeline-host";
import { listBillFiles } from "@finops/pipeline/landing/list-bill-files";
import { importBills } from "@finops/pipeline/run";
import { demoFiles } from "./demo-files.ts";
import type { ServerHost } from "./host-parts.ts";

export interface DemoBills {
  rows: number;
  /** The last day that the demo was billed for. */
  end: Day;
  months: number;
}

/** How far it is, of writing and importing together. */
interface DemoProgress {
  share: number;
  label: string;
  secondsLeft: number | null;
}

interface DemoHooks {
  signal?: AbortSignal;
  workItemId?: string;
  onProgress: (progress: DemoProgress) => void;
}

/** What the first start makes: a year, and the months that it is held against. */
export const demoMonths = 14;
/** What a company gets that asks for it: enough for every page, in less than half of the time. */
const askedMonths = 6;

/** About what writing takes of the whole time. */
const writingShare = 0.4;

/** Writes the bills of the invented company and imports them. */
export async function importDemo(
  ctx: Context,
  pipeline: PipelineHost,
  { rows, end, months }: DemoBills,
  { signal, workItemId, onProgress }: DemoHooks,
): Promise<void> {
  const folder = join(pipeline.workDir, `demo-${newId()}`);
  // Most starts make no demo.
  const { generateBills } = await import("@finops/bills/generate-bills");
  try {
    await generateBills({
      rows,
      seed: 7,
      outDir: folder,
      endMonth: end,
      months,
      ...(signal === undefined ? {} : { signal }),
      onProgress: ({ rowsWritten, rowsWanted }) =>
        onProgress({
          share: writingShare * Math.min(1, rowsWritten / rowsWanted),
          label: "Writing the bills",
          secondsLeft: null,
        }),
    });
    signal?.throwIfAborted();
    const files = demoFiles(await listBillFiles([folder]));
    await importBills(
      ctx,
      pipeline,
      { files },
      {
        signal,
        workItemId,
        onProgress: ({ stage, share, label, secondsLeft }) =>
          onProgress({
            share: writingShare + (1 - writingShare) * share,
            label: stage === "publish" ? "Publishing the months" : label,
            secondsLeft,
          }),
      },
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The handler of `demo-data` work items: a company that begins looks at the invented company's costs. `rowsOfStart` are those of a first start. */
export function demoDataJob({ host, pipeline }: ServerHost, rowsOfStart: number): (job: Job) => Promise<object> {
  return async ({ claim, signal, reportProgress }) => {
    const { actor } = DemoDataPayload.parse(claim.payload);
    const ctx = createContext(host, {
      tenantId: claim.tenantId,
      actor,
      via: "job",
      permissions: allPermissions,
      requestId: claim.id,
    });
    const hooks = {
      signal,
      workItemId: claim.id,
      onProgress: (progress: DemoProgress) => reportProgress({ ...progress }),
    };
    const rows = Math.ceil((rowsOfStart * askedMonths) / demoMonths);
    await importDemo(ctx, pipeline, { rows, end: host.clock.today(), months: askedMonths }, hooks);
    return { rows };
  };
}
