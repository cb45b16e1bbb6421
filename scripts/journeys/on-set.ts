import { startBalancer } from "../../apps/server/src/testing/balancer.ts";
import { startDemoSet } from "../../apps/server/src/testing/demo-set.ts";
import type { StartedHost } from "./started-host.ts";

/** Two API processes behind a balancer that looks into nothing. */
export async function startOnSet(): Promise<StartedHost> {
  const balancer = await startBalancer();
  const set = await startDemoSet(balancer.url);
  balancer.spreadOver(set.apiUrls);
  return {
    env: {
      E2E_DEMO_LINK: await set.makeDemo(),
      E2E_DEMO_PRINTED: set.printedPath,
      E2E_OPERATOR_URL: set.apiUrls[0]!,
    },
    async stop() {
      await set.stop();
      await balancer.close();
    },
  };
}
