import { decimal, parseDecimal } from "@finops/kernel/decimal";
import { formatMoney } from "@finops/kernel/format-figure";
import { addDays, daysIn, monthOf } from "@finops/kernel/period";
import { focusBill } from "@finops/pipeline/testing/sample-bills";
import { createTestPipeline, type TestPipeline } from "@finops/pipeline/testing/test-pipeline";
import { toJsonColumn } from "@finops/platform/db/json-column";
import { createOutbox, type Outbox, type SentMail } from "@finops/platform/mail/outbox";
import type { Context } from "@finops/platform/tenancy/context";
import { CostReader } from "@finops/warehouse/query/cost-reader";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createChannel } from "../alerts/channel-service.ts";
import { toSlackReport } from "../alerts/channels/slack/slack.ts";
import { toTeamsReport } from "../alerts/channels/teams/teams.ts";
import { createBudget } from "../budgets/service.ts";
import { queryCosts } from "../costs/index.ts";
import { createExporter } from "../exports/on-node.ts";
import { makePerson, movedClock, type MovedClock } from "../people/testing/people.ts";
import { createReport, listReportRuns } from "../reports/service.ts";
import { reportTemplates } from "../reports/templates.ts";
import { CostView } from "../views/contract.ts";
import { createView } from "../views/service.ts";
import { askForDueSchedules } from "./due-service.ts";
import type { ScheduleInput, Timing } from "./contract.ts";
import { sendSchedules } from "./jobs.ts";
import { printer } from "./on-node.ts";
import { printReportRun } from "./print-service.ts";
import {
  changeSchedule,
  createSchedule,
  deleteSchedule,
  getSchedule,
  listScheduleRuns,
  listSchedules,
  pauseSchedule,
  sendScheduleNow,
} from "./service.ts";
import { downloadToldTable } from "./told-file-service.ts";
import { pdfText } from "./testing/pdf-text.ts";

let test: TestPipeline;
let clock: MovedClock;
let ctx: Context;
let outbox: Outbox;
let reader: CostReader;
let owner: Context;
let ownerMail: string;

/** Web costs 10.005 a day and Mail 1, which has no list cost. */
const bill = (months: string[], until: string) =>
  focusBill(
    months.flatMap((month) => {
      const { start, end } = monthOf(`${month}-01`);
      const days = Array.from({ length: daysIn({ start, end }) }, (_, index) => addDays(start, index));
      return days
        .filter((day) => day <= until)
        .flatMap((day) =>
          [
            ["Web", "10.005", "222222222222"],
            ["Mail <b>€</b> =cmd()", "1", "333333333333"],
          ].map(([ServiceName = "", BilledCost = "", SubAccountId = ""]) => ({
            ServiceName,
            BilledCost,
            EffectiveCost: BilledCost,
            SubAccountId,
            BillingPeriodStart: `${start}T00:00:00Z`,
            ChargePeriodStart: `${day}T00:00:00Z`,
            ChargePeriodEnd: `${addDays(day, 1)}T00:00:00Z`,
          })),
        );
    }),
  );

beforeAll(async () => {
  test = await createTestPipeline();
  reader = new CostReader(test.store);
  clock = movedClock("2026-11-10T06:00:00Z");
  outbox = createOutbox({ clock, print: () => {} });
  const company = await test.company();
  ctx = { ...company, host: { ...company.host, clock, mail: outbox } };
  await test.importFiles(ctx, { "bill.csv": bill(["2026-09", "2026-10", "2026-11"], "2026-11-09") });
  const person = await makePerson(ctx, "finance");
  [owner, ownerMail] = [await person.be(), person.email];
});
afterAll(() => test.close());
beforeEach(() => {
  clock.at = new Date("2026-11-10T06:00:00Z");
});

const daily: Timing = { cadence: { kind: "daily" }, at: "08:00", timeZone: "Europe/Berlin" };
const view = CostView.parse({ period: { preset: "month-to-date" }, measures: ["billedCost", "listCost"] });
const makeView = (of: Context, name: string, more: object = {}) =>
  createView(of, { name, view: { ...view, ...more }, visibility: "private" });
const schedule = (of: Context, id: string, more: Partial<ScheduleInput> = {}) =>
  createSchedule(of, {
    name: "Spend so far",
    sends: { kind: "view", id },
    timing: daily,
    toOwner: more.personIds === undefined,
    forms: { chart: false },
    ...more,
  });
const parts = () => ({ reader, exporter: createExporter(test), printer });
const send = (signal?: AbortSignal) => sendSchedules(ctx, parts(), signal);
const until = (instant: string) => {
  clock.at = new Date(instant);
};
const mails = (to: string): SentMail[] => outbox.list().filter((mail) => mail.to === to);
const file = (mail: SentMail, type: string) =>
  mail.attachments!.find(({ contentType }) => contentType.startsWith(type))!;
const tidy = async () => {
  for (const { id, version } of await listSchedules(ctx)) await deleteSchedule(ctx, id, version);
};

describe("a saved view on schedule", () => {
  it("arrives with its figures, a picture, CSV and PDF, equal to the API's to the last digit", async () => {
    const { id } = await makeView(owner, "By service");
    const made = await schedule(owner, id, {
      forms: { chart: true, csv: true, pdf: true },
      note: "For the <Monday> talk",
    });
    expect(made).toMatchObject({ nextSlot: "2026-11-10T07:00:00.000Z", subjectName: "By service", state: "on" });
    expect(await send()).toEqual({ made: 0, sent: 0, failed: 0 });
    until("2026-11-10T07:00:20Z");
    expect(await send()).toEqual({ made: 1, sent: 1, failed: 0 });
    const [mail] = mails(ownerMail) as [SentMail];
    const period = { start: "2026-11-01", end: "2026-11-10" };
    const query = { measures: ["billedCost", "listCost"], groupBy: ["serviceName"], period };
    const answer = await queryCosts(owner, reader, query);
    const total = answer.totals[0]!.values["billedCost"]!.value!;
    expect(total).toBe("99.045");
    const shown = [total, ...answer.rows.map((row) => row.values["billedCost"]!.value!)].map((value) =>
      formatMoney(value, "USD"),
    );
    expect(shown).toEqual(["$99.05", "$90.05", "$9.00"]);
    const { text, pages } = await pdfText(file(mail, "application/pdf").content);
    for (const figure of shown) for (const place of [mail.text, mail.html, text]) expect(place).toContain(figure);
    // What is missing says why, wherever it is told.
    for (const place of [mail.text, mail.html, text]) expect(place).toContain("No row states list cost.");
    expect(text).toContain(`Page ${pages} of ${pages}`);
    expect(text).toContain("position");
    expect(mail.html).toContain("For the &lt;Monday&gt; talk");
    expect(mail.html).toContain("Mail &lt;b&gt;€&lt;/b&gt; =cmd()");
    expect(mail.html).toMatch(/<img src="cid:chart"[^>]* alt="[^"]*Web \$90\.05/);
    const png = file(mail, "image/png");
    expect([png.contentId, Buffer.from(png.content.subarray(1, 4)).toString()]).toEqual(["chart", "PNG"]);
    const [head, ...lines] = Buffer.from(file(mail, "text/csv").content).toString().trimEnd().split("\n");
    const at = head!.split(",").indexOf("billedCost");
    const sum = lines.reduce((all, line) => all.plus(parseDecimal(line.split(",")[at]!)), decimal("0"));
    expect([lines.length, sum.toString()]).toEqual([2, total]);
    expect((await getSchedule(owner, made.id)).lastRun).toMatchObject({
      slot: "2026-11-10T07:00:00.000Z",
      state: "sent",
      problem: null,
      deliveries: [{ state: "sent", attempts: 1 }],
    });
    await tidy();
  });

  it("has all rows as CSV, and a link to them where a mail has no room", async () => {
    const company = await test.company();
    const large: Context = { ...company, host: { ...company.host, clock, mail: outbox } };
    const rowsOfBill = (count: number, letters: number) =>
      Array.from({ length: count }, (_, at) => ({
        ResourceId: `${"x".repeat(letters)}-${at}`,
        BilledCost: "0.01",
        BillingPeriodStart: "2026-11-01T00:00:00Z",
        ChargePeriodStart: "2026-11-02T00:00:00Z",
        ChargePeriodEnd: "2026-11-03T00:00:00Z",
      }));
    await test.importFiles(large, { "bill.csv": focusBill(rowsOfBill(11_000, 20)) });
    const finance = await makePerson(large, "finance");
    const own = await finance.be();
    const { id } = await makeView(own, "Resources", { groupBy: ["resourceId"], measures: ["billedCost"] });
    const forms = { chart: false, csv: true };
    const sendOnce = async () => {
      await sendSchedules(large, parts());
      return mails(finance.email)[0]!;
    };
    await schedule(own, id, { forms });
    until("2026-11-10T07:00:20Z");
    const small = file(await sendOnce(), "text/csv");
    expect(Buffer.from(small.content).toString().trimEnd().split("\n")).toHaveLength(11_001);

    await test.importFiles(large, { "bill.csv": focusBill(rowsOfBill(11_500, 800)) });
    until("2026-11-11T07:00:20Z");
    const mail = await sendOnce();
    expect(mail.attachments).toEqual([]);
    expect(mail.text).toContain("spend-so-far.csv is too large for a mail");
    expect(mail.text.match(/\$0\.01$/gm)).toHaveLength(20);
    expect(mail.text).toContain("The first 1000 rows; the total is of all charges of");
    const [, runId = "", number = ""] = /schedules\?file=([\da-f-]+)\.(\d+)/.exec(mail.text)!;
    expect(mail.html).toContain(`/reports/schedules?file=${runId}.${number}">Get the file</a>`);
    // What is published later is not what was told.
    await test.importFiles(large, { "bill.csv": focusBill(rowsOfBill(5, 20)) });
    const read = async (of: Context) => {
      const { body, rows } = await downloadToldTable(of, createExporter(test), { runId, number: Number(number) });
      const text = await new Response(body).text();
      return { rows, lines: text.trimEnd().split("\n").length };
    };
    expect(await read(own)).toEqual({ rows: 11_500, lines: 11_501 });
    await large.inTenant((tx) =>
      tx.membership.updateMany({
        where: { userId: finance.id },
        data: { scope: toJsonColumn({ dimension: "resourceId", contains: "-77" }) },
      }),
    );
    expect((await read(await finance.be())).rows).toBe(111);
    const viewer = await (await makePerson(large, "viewer")).be();
    await expect(read(viewer)).rejects.toMatchObject({ code: "forbidden" });
    await expect(read(owner)).rejects.toMatchObject({ code: "not_found" });
  });

  it("is sent once for each time, and of those that were missed the last, with their number", async () => {
    const { id } = await makeView(owner, "Once");
    const made = await schedule(owner, id);
    until("2026-11-10T07:00:20Z");
    await send();
    expect(await send()).toEqual({ made: 0, sent: 0, failed: 0 });
    until("2026-11-14T12:00:00Z");
    const waiting = () =>
      ctx.inTenant((tx) => tx.workItem.count({ where: { kind: "send-schedules", state: "queued" } }));
    const before = await waiting();
    await askForDueSchedules(ctx.host);
    await askForDueSchedules(ctx.host);
    expect((await waiting()) - before).toBe(1);
    await Promise.all([send(), send()]);
    const runs = await listScheduleRuns(owner, made.id);
    expect(runs.map(({ slot, missed, state }) => [slot, missed, state])).toEqual([
      ["2026-11-14T07:00:00.000Z", 3, "sent"],
      ["2026-11-10T07:00:00.000Z", 0, "sent"],
    ]);
    const [late] = mails(ownerMail);
    expect(late!.text).toContain("It was due on 14 Nov 2026, 07:00 UTC and comes late.");
    expect(late!.text).toContain("3 times before it nobody sent it");
    await tidy();
  });

  it("comes again by the same key after who sent it died between, and only to who has not got it", async () => {
    const { id } = await makeView(owner, "Killed");
    const made = await schedule(owner, id);
    until("2026-11-10T07:00:20Z");
    const dying = new AbortController();
    const mail = { send: async (message: SentMail) => (await outbox.send(message), dying.abort(new Error("killed"))) };
    const dead: Context = { ...ctx, host: { ...ctx.host, mail } };
    const before = mails(ownerMail).length;
    await expect(sendSchedules(dead, parts(), dying.signal)).rejects.toThrow("killed");
    expect(await send()).toEqual({ made: 0, sent: 0, failed: 0 });
    until("2026-11-10T07:02:30Z");
    expect(await send()).toEqual({ made: 0, sent: 1, failed: 0 });
    const ids = mails(ownerMail)
      .slice(0, mails(ownerMail).length - before)
      .map((one) => one.id);
    expect([ids.length, new Set(ids).size]).toEqual([2, 1]);
    // What was begun and never came to its end is begun again.
    await ctx.inTenant((tx) =>
      tx.scheduleRun.create({
        data: { id: made.id, scheduleId: made.id, attempts: 1, takenUntil: clock.at, begunAt: clock.at },
      }),
    );
    expect(await send()).toEqual({ made: 1, sent: 1, failed: 0 });
    await tidy();
  });

  it("tells no more than its owner sees, and nobody more than they see themselves", async () => {
    const scoped = await makePerson(ctx, "finance");
    await ctx.inTenant((tx) =>
      tx.membership.updateMany({
        where: { userId: scoped.id },
        data: { scope: toJsonColumn({ dimension: "subAccountId", is: "333333333333" }) },
      }),
    );
    const viewer = await makePerson(ctx, "viewer");
    const { id } = await makeView(await scoped.be(), "A part");
    await schedule(await scoped.be(), id, { name: "Part", personIds: [scoped.id, viewer.id] });
    const whole = await makeView(owner, "All of it");
    const all = await schedule(owner, whole.id, { name: "All", personIds: [scoped.id, viewer.id] });
    until("2026-11-10T07:00:20Z");
    expect(await send()).toEqual({ made: 2, sent: 3, failed: 1 });
    for (const { email } of [scoped, viewer]) {
      const part = mails(email).find(({ subject }) => subject === "Part")!;
      expect(part.text).toContain("$9.00");
      expect(part.text).not.toMatch(/\$9\d\.|Web/);
      expect(part.text).toContain(`as ${scoped.name} sees it: a part of the company's costs`);
    }
    expect(mails(scoped.email).map(({ subject }) => subject)).toEqual(["Part"]);
    expect((await getSchedule(owner, all.id)).lastRun).toMatchObject({
      state: "partly",
      deliveries: expect.arrayContaining([
        expect.objectContaining({ state: "dead", problem: "It tells of costs that this person may not see." }),
      ]),
    });
    await tidy();
  });

  it("is paused with the reason once its owner left or may not see it, and who can help is told", async () => {
    const admin = await makePerson(ctx, "admin");
    const leaving = await makePerson(ctx, "finance");
    const { id } = await makeView(await leaving.be(), "Left behind");
    const made = await schedule(await leaving.be(), id, { personIds: [owner.actor.id] });
    await ctx.inTenant((tx) => tx.membership.deleteMany({ where: { userId: leaving.id } }));
    until("2026-11-10T07:00:20Z");
    const before = mails(ownerMail).length;
    await send();
    const paused = await getSchedule(ctx, made.id);
    expect(paused).toMatchObject({
      state: "paused",
      nextSlot: null,
      problem: `${leaving.name} does not belong to the company any more.`,
      lastRun: { state: "failed" },
    });
    expect(mails(admin.email)[0]!.text).toContain(paused.problem);
    expect(mails(ownerMail)).toHaveLength(before);
    until("2026-11-12T07:00:20Z");
    expect(await send()).toEqual({ made: 0, sent: 0, failed: 0 });
    // Nobody sends on what somebody else saw.
    const go = pauseSchedule(await admin.be(), made.id, { isPaused: false, version: paused.version });
    await expect(go).rejects.toMatchObject({ code: "forbidden" });
    await tidy();
  });

  it("goes to who asks for it alone, when they send it to themselves", async () => {
    const other = await makePerson(ctx, "viewer");
    const { id } = await makeView(owner, "Mine");
    const made = await schedule(owner, id, { personIds: [owner.actor.id, other.id] });
    const before = mails(ownerMail).length;
    await sendScheduleNow(owner, made.id, { to: "me" });
    expect(await send()).toEqual({ made: 1, sent: 1, failed: 0 });
    expect([mails(ownerMail).length - before, mails(other.email).length]).toEqual([1, 0]);
    expect(mails(ownerMail)[0]!.text).toContain("Somebody sent it by hand.");
    const stranger = await other.be();
    await expect(sendScheduleNow(stranger, made.id, { to: "me" })).rejects.toMatchObject({ code: "not_found" });
    await tidy();
  });
});

it("a report is run for it and kept, printed alike each time, whatever its names hold", async () => {
  const hostile = 'Costs "><script>alert(1)</script>\r\nBcc: eve@evil.example \u202Egnp.exe Ωμέγα Спенд €';
  const [{ items } = { items: [] }] = reportTemplates;
  const { id } = await createReport(owner, { name: hostile.slice(0, 119), items: [...items] });
  const made = await schedule(owner, id, {
    name: hostile.slice(0, 119),
    sends: { kind: "report", id },
    forms: { chart: false, csv: true },
  });
  until("2026-11-10T07:00:20Z");
  expect(await send()).toMatchObject({ sent: 1 });
  const [mail] = mails(ownerMail) as [SentMail];
  expect(mail.subject).not.toMatch(/[\r\n\u202E]/);
  expect(mail.html).not.toContain("<script>");
  const [run] = await listReportRuns(owner, id);
  expect(mail.text).toContain(`/reports/${id}/runs/${run!.number}`);
  expect(mail.attachments!.every(({ fileName }) => /^[\p{L}\p{N}.-]+$/u.test(fileName))).toBe(true);
  const [one, two] = [
    await printReportRun(owner, printer, id, run!.number),
    await printReportRun(owner, printer, id, run!.number),
  ];
  expect(Buffer.compare(Buffer.from(one.content), Buffer.from(two.content))).toBe(0);
  const { text } = await pdfText(one.content);
  expect(text).toContain("Ωμέγα Спенд €");
  // October of Web and Mail: 31 days.
  expect(text).toContain(formatMoney("341.155", "USD"));
  expect((await getSchedule(owner, made.id)).lastRun?.bytes).toBeGreaterThan(2_000);
  await tidy();
});

it("a budget tells how it stands, by mail and by a chat in a few lines", async () => {
  const { id } = await createBudget(owner, {
    name: "Web",
    filter: { dimension: "serviceName", is: "Web" },
    currency: "USD",
    periods: { grain: "month", start: "2026-09-01" },
    amount: { kind: "fixed", amount: "250.00" },
  });
  await schedule(owner, id, {
    name: "Budget Web",
    sends: { kind: "budget", id },
    forms: { chart: false, csv: true, pdf: true },
  });
  until("2026-11-10T07:00:20Z");
  expect(await send()).toMatchObject({ sent: 1 });
  const [mail] = mails(ownerMail) as [SentMail];
  const { text } = await pdfText(file(mail, "application/pdf").content);
  for (const place of [mail.text, text]) {
    expect(place).toContain("$250.00");
    expect(place).toContain("$90.05");
  }
  expect(Buffer.from(file(mail, "text/csv").content).toString()).toContain(
    "2026-11-01,2026-12-01,USD,250,0,250,90.045",
  );
  const report = {
    title: "A <report>",
    company: "Acme",
    at: "now",
    url: "https://costs.example/x",
    lines: ["Spent: $90.05 <@everyone>"],
    text: "",
    html: "",
    attachments: [],
  };
  expect(JSON.stringify(toSlackReport(report))).toContain("Spent: $90.05 &lt;@everyone&gt;");
  expect(JSON.stringify(toTeamsReport(report))).toContain("Spent: $90.05 <@everyone>");
  await tidy();
});

it("after a month's close it waits for what is missing, and not for ever", async () => {
  const { id } = await makeView(owner, "Closed", { period: { preset: "last-month" } });
  const timing: Timing = { ...daily, cadence: { kind: "month-close", latestDay: 5 } };
  const made = await schedule(owner, id, { timing });
  expect(made.nextSlot).toBe("2026-12-01T07:00:00.000Z");
  until("2026-12-02T12:00:00Z");
  expect(await send()).toEqual({ made: 0, sent: 0, failed: 0 });
  until("2026-12-05T07:00:20Z");
  expect(await send()).toMatchObject({ made: 1, sent: 1 });
  expect(mails(ownerMail)[0]!.text).toContain(
    "The month is not closed. The bills of November 2026 do not reach its last day: they end before 10 Nov 2026.",
  );
  await tidy();
  until("2026-10-30T12:00:00Z");
  await schedule(owner, id, { timing });
  // October is in as a whole when its time comes.
  until("2026-11-01T07:00:20Z");
  expect(await send()).toMatchObject({ made: 1, sent: 1 });
  expect(mails(ownerMail)[0]!.text).not.toContain("is not closed");
  await tidy();
});

it("refuses what nobody could be told, with what to do", async () => {
  const { id } = await makeView(owner, "Refused");
  await expect(schedule(owner, id, { personIds: [] })).rejects.toThrow("Say to whom it goes");
  await expect(schedule(owner, id, { personIds: [id] })).rejects.toThrow("does not belong to the company");
  await expect(schedule(owner, id, { timing: { ...daily, timeZone: "Mars/Base" } })).rejects.toThrow("Europe/Berlin");
  await expect(schedule(owner, "none")).rejects.toMatchObject({ code: "not_found" });
  const target = { kind: "pagerduty" as const, routingKey: "0123456789abcdef0123456789abcdef" };
  const pager = await createChannel(ctx, { name: "On call", target });
  await expect(schedule(owner, id, { channelIds: [pager.id] })).rejects.toThrow("takes no reports");
  const viewer = await (await makePerson(ctx, "viewer")).be();
  const own = await makeView(viewer, "Own");
  await expect(schedule(viewer, own.id, { personIds: [owner.actor.id] })).rejects.toMatchObject({
    facts: { permission: "views:write" },
  });
  await expect(schedule(viewer, own.id, { forms: { csv: true } })).rejects.toMatchObject({
    facts: { permission: "exports:write" },
  });
  await expect(schedule(viewer, id)).rejects.toMatchObject({ code: "not_found" });
  const made = await schedule(viewer, own.id);
  const { isOwn: _, ...rest } = made;
  const change = { name: "New", sends: rest.sends, timing: daily, personIds: rest.personIds, version: 7 };
  await expect(changeSchedule(viewer, made.id, change)).rejects.toMatchObject({ code: "conflict" });
  expect(await changeSchedule(viewer, made.id, { ...change, version: 1 })).toMatchObject({ name: "New", version: 2 });
  await tidy();
});
