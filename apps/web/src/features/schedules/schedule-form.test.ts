import { expect, it } from "vitest";
import { readSchedule, scheduleFormOf } from "./schedule-form.ts";
import { timingWords } from "./schedule-words.ts";

const form = { ...scheduleFormOf(null, "budget:b1"), name: "Web", timeZone: "Europe/Berlin" };

it("begins with what another page asked to be sent, to oneself", () => {
  expect(readSchedule(form).input).toMatchObject({
    name: "Web",
    sends: { kind: "budget", id: "b1" },
    timing: { cadence: { kind: "weekly", weekday: 1 }, at: "08:00", timeZone: "Europe/Berlin" },
    toOwner: true,
  });
  expect(readSchedule(scheduleFormOf(null, "")).problem).toBe("Choose what is sent.");
  expect(readSchedule({ ...form, toOwner: false }).problem).toBe("Say to whom it goes.");
  expect(readSchedule({ ...form, name: " " }).problem).toBe("Give it a name.");
});

it.each([
  [{ cadence: "daily" as const }, "Every day at 08:00, Europe/Berlin"],
  [{ cadence: "weekly" as const, weekday: "7" }, "On Sundays at 08:00, Europe/Berlin"],
  [{ cadence: "monthly" as const, day: "last" }, "On the last day of a month at 08:00, Europe/Berlin"],
  [{ cadence: "monthly" as const, day: "31" }, "On day 31 of a month at 08:00, Europe/Berlin"],
  [
    { cadence: "month-close" as const, latestDay: "7" },
    "After a month's close, by day 7 of the next at 08:00, Europe/Berlin",
  ],
])("%o is kept, and told in words", (part, words) => {
  expect(timingWords(readSchedule({ ...form, ...part }).input!.timing)).toBe(words);
});
