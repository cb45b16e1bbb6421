import type { FaultyProxy } from "@finops/platform/testing/faulty-proxy";
import type { SetClient } from "./set-client.ts";

type Asked = (method: string, url: string) => boolean;

/** A bill's raw file on its way into the lake: it was read by then, and nothing of it is published. */
export const isLanding: Asked = (method, url) => method === "PUT" && url.includes("/landing/");

/** A table of a built period on its way into ClickHouse. */
export const isLoading: Asked = (_, url) => decodeURIComponent(url).includes("FORMAT+Parquet");

/** Keeps the first request of a kind until it is told to go on. */
export function hold(way: FaultyProxy, of: Asked): { reached: Promise<void>; go(): void } {
  let [reach, go]: (() => void)[] = [];
  const reached = new Promise<void>((resolve) => (reach = resolve));
  const gone = new Promise<void>((resolve) => (go = resolve));
  const by = () => {
    reach!();
    return gone;
  };
  way.fail({ times: 1, of, by });
  return { reached, go: go! };
}

/**
 * For NODE_OPTIONS: a process whose clock is so far ahead, or behind where that is negative. With several, each SIGUSR2 makes it
 * jump to the next.
 */
export function withClock(...aheadMs: readonly number[]): string {
  const program = `const Real=Date,all=${JSON.stringify(aheadMs)};let at=0;const now=()=>Real.now()+all[at];
if(all.length>1)process.on("SIGUSR2",()=>{at=(at+1)%all.length});
globalThis.Date=class extends Real{constructor(...a){a.length===0?super(now()):super(...a)}static now(){return now()}}`;
  return `--import data:text/javascript,${encodeURIComponent(program)}`;
}

/** How many versions of bills count at present. */
export const versionsNow = ({ db, tenantId }: SetClient): Promise<number> =>
  db.inTenant(tenantId, (tx) => tx.datasetVersion.count({ where: { state: "published" } }));

/** How often an import was taken up. */
export async function attemptsOf(client: SetClient, importId: string): Promise<number> {
  return (await findItem(client, importId)).attempts;
}

export function findItem({ db, tenantId }: SetClient, importId: string) {
  return db.inTenant(tenantId, (tx) =>
    tx.workItem.findFirstOrThrow({ where: { payload: { path: ["importId"], equals: importId } } }),
  );
}
