import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { acknowledge, advance, closeByHand, isOpen, type Level, type Life, snooze, unborn } from "./life.ts";

const patience = { holdDays: 1, coolDownHours: 0 };
const on = (day: string, hour = "12") => ({ day, now: new Date(`${day}T${hour}:00:00Z`) });

/** Looks day by day from 1 November on, and what people were told. */
function live(levels: readonly Level[], rules = patience, from: Life = unborn) {
  let life = from;
  const turns = levels.map((level, index) => {
    const found = advance(life, level, rules, on(`2026-11-${String(index + 1).padStart(2, "0")}`));
    life = found.life;
    return found.turn;
  });
  return { life, turns };
}

describe("an alert", () => {
  it("fires, stays between its two thresholds, is resolved and reopened", () => {
    expect(live(["under", "over", "between", "over", "under", "between", "over"]).turns).toEqual([
      null,
      "fired",
      null,
      null,
      "resolved",
      null,
      "reopened",
    ]);
  });

  it("waits until it has held on as many days in a row as its rule says", () => {
    const rules = { ...patience, holdDays: 3 };
    expect(live(["over", "over", "under", "over", "unknown", "over", "over"], rules).turns).toEqual([
      null,
      null,
      null,
      null,
      null,
      null,
      "fired",
    ]);
    const twice = advance(
      advance(unborn, "over", { ...patience, holdDays: 2 }, on("2026-11-01", "10")).life,
      "over",
      { ...patience, holdDays: 2 },
      on("2026-11-01", "11"),
    );
    expect(twice.life.overDays).toBe(1);
  });

  it("is neither begun nor ended by what nobody knows", () => {
    expect(live(["unknown", "over", "unknown"]).turns).toEqual([null, "fired", null]);
    expect(live(["unknown", "over", "unknown"]).life.state).toBe("firing");
  });

  it("fires again after its cool-down only", () => {
    expect(live(["over", "under", "over", "over", "over"], { holdDays: 1, coolDownHours: 48 }).turns).toEqual([
      "fired",
      "resolved",
      null,
      "reopened",
      null,
    ]);
  });

  it("stays quiet while it is acknowledged, wakes from a snooze, and ends in each of them", () => {
    const { life } = live(["over"]);
    expect(live(["over", "under"], patience, acknowledge(life)).turns).toEqual([null, "resolved"]);
    const snoozed = snooze(life, new Date("2026-11-02T00:00:00Z"));
    expect(live(["over", "over"], patience, snoozed).turns).toEqual([null, "woken"]);
  });

  it("that somebody closed fires again only once it was over", () => {
    const closed = closeByHand(live(["over"]).life, new Date("2026-11-01T13:00:00Z"));
    expect(live(["over", "between", "over", "under", "over"], patience, closed).turns).toEqual([
      null,
      null,
      null,
      null,
      "reopened",
    ]);
  });

  it("never fires twice without an end between, whatever happens, and twice in a moment is once", () => {
    const level = fc.constantFrom<Level>("over", "between", "under", "unknown");
    const act = fc.constantFrom("none", "acknowledge", "snooze", "close");
    fc.assert(
      fc.property(
        fc.array(fc.tuple(level, act), { maxLength: 40 }),
        fc.nat(3),
        fc.nat(60),
        (looks, hold, coolDownHours) => {
          const rules = { holdDays: hold + 1, coolDownHours };
          let life = unborn;
          let isFiring = false;
          looks.forEach(([one, doing], index) => {
            const at = {
              day: `2026-01-${String((index % 28) + 1).padStart(2, "0")}`,
              now: new Date(index * 86_400_000),
            };
            const found = advance(life, one, rules, at);
            expect(advance(found.life, one, rules, at)).toEqual({ life: found.life, turn: null });
            if (found.turn === "fired" || found.turn === "reopened") {
              expect(isFiring).toBe(false);
              isFiring = true;
            }
            if (found.turn === "resolved") isFiring = false;
            life = found.life;
            if (!isOpen(life)) return;
            if (doing === "acknowledge") life = acknowledge(life);
            if (doing === "snooze") life = snooze(life, new Date((index + 2) * 86_400_000));
            if (doing === "close") {
              life = closeByHand(life, at.now);
              isFiring = false;
            }
          });
        },
      ),
      { numRuns: 200 },
    );
  });
});
