import { systemClock } from "@finops/kernel/clock";
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { readMail } from "./read-mail.ts";

interface Received {
  from: string;
  to: string[];
  text: string;
}

const received: Received[] = [];
let server: SMTPServer;
let url: string;

beforeAll(async () => {
  server = new SMTPServer({
    authOptional: true,
    hideSTARTTLS: true,
    onRcptTo: (address, _, done) => done(address.address.startsWith("full@") ? new Error("mailbox full") : null),
    onData(stream, { envelope }, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const from = envelope.mailFrom === false ? "" : envelope.mailFrom.address;
        received.push({
          from,
          to: envelope.rcptTo.map(({ address }) => address),
          text: Buffer.concat(chunks).toString(),
        });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise<void>((resolve) => server.close(resolve)));
beforeEach(() => {
  received.length = 0;
});

const mailOf = (smtp: string, from = "costs@acme.example") =>
  readMail({ FINOPS_SMTP_URL: smtp, FINOPS_MAIL_FROM: from }, systemClock);

describe("mail by a server", () => {
  it("arrives, at one address", async () => {
    await mailOf(url).send({ to: "ann@acme.example", subject: "Sign in: Größe", text: "Here is your link.\n" });
    expect(received).toMatchObject([{ from: "costs@acme.example", to: ["ann@acme.example"] }]);
    expect(received[0]!.text).toContain("Here is your link.");
  });

  it("has a picture within its page and files beside it", async () => {
    const file = (fileName: string, contentType: string, text: string) => ({
      fileName,
      contentType,
      content: new TextEncoder().encode(text),
    });
    await mailOf(url).send({
      to: "ann@acme.example",
      subject: "Costs",
      text: "As text",
      html: '<img src="cid:chart" alt="Costs">',
      attachments: [
        { ...file("chart.png", "image/png", "picture"), contentId: "chart" },
        file('größe\r\nX-Evil: "1".csv', "text/csv", "a,b"),
      ],
    });
    const [{ text }] = received as [Received];
    expect(text).toContain("Content-Type: multipart/mixed");
    expect(text).toMatch(/^Content-ID: <chart>/im);
    expect(text).toContain(Buffer.from("picture").toString("base64"));
    expect(text).toContain(Buffer.from("a,b").toString("base64"));
    expect(text).not.toMatch(/^X-Evil/m);
  });

  it("goes to nobody else, whatever an address or a subject holds", async () => {
    const text = "Hello";
    await mailOf(url).send({ to: "ann@acme.example", subject: "Hello\r\nBcc: eve@evil.example", text });
    expect(received[0]!.to).toEqual(["ann@acme.example"]);
    expect(received[0]!.text).not.toMatch(/^bcc:/im);
    await mailOf(url)
      .send({ to: "ann@acme.example,eve@evil.example", subject: "Hello", text })
      .catch(() => null);
    expect(received.flatMap(({ to }) => to)).not.toContain("eve@evil.example");
  });

  it("that is not taken is an error that says what to do", async () => {
    const message = { to: "full@acme.example", subject: "Hello", text: "Hello" };
    await expect(mailOf(url).send(message)).rejects.toMatchObject({
      code: "upstream",
      message: expect.stringContaining("Send it again later"),
    });
    await expect(mailOf("smtp://127.0.0.1:1").send(message)).rejects.toMatchObject({ code: "upstream" });
  });

  it("sends no password over an open way to another machine", async () => {
    const { port } = new URL(url);
    const open = mailOf(`smtp://ann:secret@0.0.0.0:${port}`);
    await expect(open.send({ to: "ann@acme.example", subject: "Hello", text: "Hello" })).rejects.toMatchObject({
      code: "upstream",
    });
    expect(received).toEqual([]);
  });
});

it.each([
  ["mail.example.com", "costs@acme.example"],
  ["https://mail.example.com", "costs@acme.example"],
  ["smtps://mail.example.com", ""],
])("%s from %s is refused, without repeating it", (smtp, from) => {
  expect(() => mailOf(smtp, from)).toThrow(/^FINOPS_(SMTP_URL|MAIL_FROM) takes/);
});
