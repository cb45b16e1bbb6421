import { describe, expect, it } from "vitest";
import { nextEnd } from "./session-ends.ts";

const at = (time: string) => Date.parse(`2026-11-22T${time}Z`);
const ends = { expiresAt: "2026-11-22T20:00:00Z", idleUntil: "2026-11-22T12:00:00Z" };

describe("the end of a session", () => {
  it("is told two minutes before it comes by not being used", () => {
    expect(nextEnd(ends, at("11:57:59"))).toBeNull();
    expect(nextEnd(ends, at("11:58:00"))).toMatchObject({ kind: "idle", minutesLeft: 2 });
    expect(nextEnd(ends, at("11:59:30"))).toMatchObject({ kind: "idle", minutesLeft: 1 });
    expect(nextEnd(ends, at("12:00:00"))).toBeNull();
  });

  it("is told five minutes before it comes in any case, also where it would come by not being used at the same time", () => {
    for (const idleUntil of [null, ends.expiresAt, "2026-11-22T21:00:00Z"]) {
      expect(nextEnd({ ...ends, idleUntil }, at("19:54:59"))).toBeNull();
      expect(nextEnd({ ...ends, idleUntil }, at("19:55:00"))).toMatchObject({ kind: "absolute", minutesLeft: 5 });
    }
  });
});
