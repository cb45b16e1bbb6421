import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import type { S3Settings } from "../files/s3-bucket.ts";

export interface S3Emulator {
  endpoint: string;
  /** A bucket of its own, and how it is reached. */
  createBucket(): Promise<S3Settings>;
  stop(): Promise<void>;
}

const script = fileURLToPath(new URL("../../../../scripts/s3-emulator.sh", import.meta.url));

/** An S3 store in memory, in a process of its own. The first time it is installed, which takes a minute. */
export async function startS3Emulator(): Promise<S3Emulator> {
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const said: string[] = [];
  const program = spawn("bash", [script, String(port)], { stdio: ["ignore", "ignore", "pipe"] });
  program.stderr.on("data", (chunk: Buffer) => said.push(chunk.toString()));
  const ended = once(program, "exit");
  while (!(await answers(endpoint))) {
    if (program.exitCode !== null) throw new Error(`The S3 emulator ended before it answered. ${said.join("")}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    endpoint,
    async createBucket() {
      const settings = {
        bucket: `bills-${randomBytes(6).toString("hex")}`,
        region: "us-east-1",
        endpoint,
        isPathStyle: true,
        credentials: { accessKeyId: "test", secretAccessKey: "test" },
      };
      const { region, credentials, bucket } = settings;
      const client = new S3Client({ region, endpoint, credentials, forcePathStyle: true });
      await client.send(new CreateBucketCommand({ Bucket: bucket }));
      client.destroy();
      return settings;
    },
    async stop() {
      program.kill();
      await ended;
    },
  };
}

async function answers(endpoint: string): Promise<boolean> {
  return fetch(endpoint).then(
    () => true,
    () => false,
  );
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}
