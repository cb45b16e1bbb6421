import { once } from "node:events";
import { appendFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { startDemoSet } from "../../apps/server/src/testing/demo-set.ts";
import { findPort, startWorker } from "../../apps/worker/src/testing/started-worker.ts";
import type { StartedHost } from "./started-host.ts";

/** The Worker in workerd on the stores of a process set, whose processes do what it hands on and what it queues. */
export async function startOnWorker(): Promise<StartedHost> {
  const port = await findPort();
  const set = await startDemoSet(`http://localhost:${port}`);
  const mails = await takeMails(set.printedPath);
  const worker = await startWorker({
    port,
    appUrl: set.postgres.appUrl,
    clickHouseUrl: set.clickHouse.url,
    outsideUrl: `http://127.0.0.1:${(mails.address() as AddressInfo).port}`,
    masterKey: set.env["FINOPS_MASTER_KEY"]!,
    behind: { origin: set.apiUrls[1]!, bucketUrl: `${set.s3Endpoint}/${set.env["FINOPS_S3_BUCKET"]!}` },
  });
  return {
    env: {
      E2E_DEMO_LINK: await set.makeDemo(),
      E2E_DEMO_PRINTED: set.printedPath,
      E2E_OPERATOR_URL: set.apiUrls[0]!,
      // It looks every 15 s for what other processes did.
      E2E_ANSWER_MS: "60000",
    },
    async stop() {
      await worker.stop();
      await set.stop();
      mails.close();
    },
  };
}

/** The service that takes the Worker's mail, and its name server. */
async function takeMails(printedPath: string): Promise<Server> {
  const server = createServer((request, answer) => {
    // No name is known.
    if (request.method === "GET") return answer.end(JSON.stringify({ Status: 3 }));
    void json(request).then((mail) => {
      const { to, text } = mail as { to: string[]; text: string };
      appendFileSync(printedPath, `${to.join(", ")}\n${text}\n`);
      answer.end("{}");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}
