import type { MessageBatch } from "@cloudflare/workers-types";
import type { Env } from "../env.ts";
import worker from "../main.ts";
import { openS3AsR2 } from "./s3-as-r2.ts";

export { LiveRoom } from "../main.ts";

/** The Worker, whose files lie in a bucket that Node processes of the test have as well. */
const onS3 = (env: Env): Env => ({ ...env, FILES: openS3AsR2(env["FINOPS_TEST_BUCKET_URL"]!) });

export default {
  fetch: (request: Request, env: Env) => worker.fetch(request, onS3(env)),
  scheduled: (event: unknown, env: Env) => worker.scheduled(event, onS3(env)),
  queue: (batch: MessageBatch<unknown>, env: Env) => worker.queue(batch, onS3(env)),
};
