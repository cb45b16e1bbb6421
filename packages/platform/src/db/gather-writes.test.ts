import type { PoolClient } from "pg";
import { expect, it } from "vitest";
import { gatherWrites } from "./gather-writes.ts";

interface Stream {
  write(data: Uint8Array): boolean;
  cork?: () => void;
  uncork?: () => void;
}

function clientOn(stream: Stream): PoolClient {
  return { connection: { stream } } as unknown as PoolClient;
}

it("sends what is corked in one piece, and everything else at once", () => {
  const sent: string[] = [];
  const stream: Stream = { write: (data) => sent.push(Buffer.from(data).toString()) > 0 };
  gatherWrites(clientOn(stream));
  const statement = (...messages: string[]) => {
    stream.cork!();
    for (const message of messages) stream.write(Buffer.from(message));
    stream.uncork!();
  };
  statement("parse ", "bind ", "sync");
  stream.write(Buffer.from("commit"));
  statement();
  statement("parse ", "é");
  expect(sent).toEqual(["parse bind sync", "commit", "parse é"]);
});

it("leaves a socket alone that holds back by itself", () => {
  const stream = { write: () => true, cork: () => undefined, uncork: () => undefined };
  const before = { ...stream };
  gatherWrites(clientOn(stream));
  expect(stream).toEqual(before);
});
