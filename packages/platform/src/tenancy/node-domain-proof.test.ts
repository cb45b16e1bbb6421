import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { afterEach, expect, it } from "vitest";
import { isProven, proofRecord } from "./domain-proof.ts";
import { createNodeDomainProof } from "./node-domain-proof.ts";

const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close();
});

/** A name server that knows TXT records, and of anything else that it is not there (RFC 1035); "silent" is not answered. */
async function nameServer(records: Record<string, string[][]>): Promise<string> {
  const socket = createSocket("udp4");
  sockets.push(socket);
  socket.on("message", (question, from) => {
    const name = readName(question);
    if (name.startsWith("silent.")) return;
    const texts = records[name] ?? [];
    const header = Buffer.from(question.subarray(0, 12));
    // An answer; NXDOMAIN where there is nothing.
    header.writeUInt16BE(texts.length === 0 ? 0x8183 : 0x8180, 2);
    header.writeUInt16BE(texts.length, 6);
    header.writeUInt32BE(0, 8);
    socket.send(Buffer.concat([header, questionOf(question), ...texts.map(answerOf)]), from.port, from.address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return `127.0.0.1:${socket.address().port}`;
}

function readName(question: Buffer): string {
  const labels: string[] = [];
  for (let at = 12; question[at]! > 0; at += question[at]! + 1)
    labels.push(question.subarray(at + 1, at + 1 + question[at]!).toString());
  return labels.join(".").toLowerCase();
}

function questionOf(question: Buffer): Buffer {
  return question.subarray(12, question.indexOf(0, 12) + 5);
}

/** A TXT record of the name that was asked for. */
function answerOf(pieces: string[]): Buffer {
  const data = Buffer.concat(pieces.map((piece) => Buffer.concat([Buffer.from([piece.length]), Buffer.from(piece)])));
  const fixed = Buffer.from([0xc0, 0x0c, 0, 16, 0, 1, 0, 0, 0, 60, 0, 0]);
  fixed.writeUInt16BE(data.length, 10);
  return Buffer.concat([fixed, data]);
}

const { name, value } = proofRecord("costs.acme.example", "p123");

it("proves a domain by a TXT record of its name server, among others and in pieces", async () => {
  const server = await nameServer({ [name]: [["v=spf1 -all"], [value.slice(0, 10), value.slice(10)]] });
  const dns = createNodeDomainProof({ servers: [server] });
  expect(await dns.listTexts(name)).toEqual(["v=spf1 -all", value]);
  expect(await isProven(dns, "costs.acme.example", "p123")).toBe(true);
  expect(await isProven(dns, "costs.acme.example", "p12")).toBe(false);
  expect(await isProven(dns, "costs.beta.example", "p123")).toBe(false);
});

it("says that nobody answers, rather than that the domain is not the company's", async () => {
  const dns = createNodeDomainProof({ servers: [await nameServer({})] });
  await expect(
    isProven({ ...dns, listTexts: () => dns.listTexts("silent.example") }, "a.example", "p"),
  ).rejects.toMatchObject({
    code: "upstream",
    message: "No name server answers for a.example. Try again in a few minutes.",
  });
});
