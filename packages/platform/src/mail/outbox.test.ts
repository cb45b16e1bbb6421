import { fixedClock } from "@finops/kernel/clock";
import { expect, it } from "vitest";
import { createOutbox } from "./outbox.ts";

it("prints mail and keeps it, newest first", async () => {
  const printed: string[] = [];
  const outbox = createOutbox({ clock: fixedClock("2026-11-22T12:00:00Z"), print: (text) => printed.push(text) });
  await outbox.send({ to: "ann@acme.example", subject: "Sign in", text: "Here is your link." });
  await outbox.send({ to: "bob@acme.example", subject: "Budget", text: "It is exceeded." });
  expect(printed[0]).toBe("Mail to ann@acme.example: Sign in\nHere is your link.\n");
  expect(outbox.list()).toEqual([
    { to: "bob@acme.example", subject: "Budget", text: "It is exceeded.", at: "2026-11-22T12:00:00.000Z" },
    { to: "ann@acme.example", subject: "Sign in", text: "Here is your link.", at: "2026-11-22T12:00:00.000Z" },
  ]);
});

it("keeps the last 200", async () => {
  const outbox = createOutbox({ clock: fixedClock("2026-11-22T12:00:00Z"), print: () => {} });
  for (let i = 1; i <= 201; i++) await outbox.send({ to: "a@b.c", subject: String(i), text: "" });
  expect([outbox.list().length, outbox.list()[0]!.subject, outbox.list().at(-1)!.subject]).toEqual([200, "201", "2"]);
});

it("keeps files of the last 20 alone, and prints their names", async () => {
  const printed: string[] = [];
  const outbox = createOutbox({ clock: fixedClock("2026-11-22T12:00:00Z"), print: (text) => printed.push(text) });
  const attachments = [{ fileName: "costs.csv", contentType: "text/csv", content: new Uint8Array(3) }];
  for (let i = 1; i <= 21; i++) await outbox.send({ to: "a@b.c", subject: String(i), text: "", attachments });
  expect(printed[0]).toContain("With costs.csv, 3 bytes");
  expect(outbox.list().filter((mail) => mail.attachments !== undefined)).toHaveLength(20);
});
