import { type FaultyProxy, startFaultyProxy } from "@finops/platform/testing/faulty-proxy";
import { type NetworkLink, startNetworkLink } from "@finops/platform/testing/network-link";
import { type ProcessSet, type ProcessSetOptions, startProcessSet } from "./process-set.ts";

/** A process set whose processes reach their stores by ways that can be told to fail. */
export interface FaultySet extends ProcessSet {
  s3: FaultyProxy;
  clickHouseWay: FaultyProxy;
  network: NetworkLink;
}

export async function startFaultySet(options: ProcessSetOptions = {}): Promise<FaultySet> {
  const set = await startProcessSet(options);
  const [s3, clickHouseWay, network] = await Promise.all([
    startFaultyProxy(set.s3Endpoint),
    startFaultyProxy(new URL(set.clickHouse.url).origin),
    startNetworkLink(set.postgres.appUrl),
  ]);
  const ways = {
    DATABASE_URL: network.through(set.postgres.appUrl),
    FINOPS_S3_ENDPOINT: s3.endpoint,
    FINOPS_CLICKHOUSE_URL: `${clickHouseWay.endpoint}/finops`,
  };
  return {
    ...set,
    s3,
    clickHouseWay,
    network,
    start: (name, env) => set.start(name, { ...ways, ...env }),
    async stop() {
      await set.stop();
      await Promise.all([s3.stop(), clickHouseWay.stop(), network.stop()]);
    },
  };
}
