import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isId, newId } from "./id.ts";

describe("an id", () => {
  it("is a UUID of version 7", () => {
    expect(newId()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it("starts with the millisecond in which it was made", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 48 - 1 }), (ms) => {
        expect(Number.parseInt(newId(ms).replaceAll("-", "").slice(0, 12), 16)).toBe(ms);
      }),
    );
  });

  it("takes the time of now by default", () => {
    const before = Date.now();
    const made = Number.parseInt(newId().replaceAll("-", "").slice(0, 12), 16);
    expect(made >= before && made <= Date.now()).toBe(true);
  });

  it("sorts by when it was made", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 47 }), fc.integer({ min: 1, max: 2 ** 40 }), (ms, later) => {
        expect(newId(ms) < newId(ms + later)).toBe(true);
      }),
    );
  });

  it("is made once", () => {
    expect(new Set(Array.from({ length: 1000 }, () => newId(1))).size).toBe(1000);
  });

  it("uses all random bits", () => {
    const made = Array.from({ length: 400 }, () => newId(1).replaceAll("-", ""));
    for (const position of [
      ...Array.from({ length: 3 }, (_, i) => 13 + i),
      ...Array.from({ length: 15 }, (_, i) => 17 + i),
    ]) {
      expect(new Set(made.map((id) => id[position])).size).toBe(16);
    }
    expect(new Set(made.map((id) => id[16]))).toEqual(new Set("89ab"));
  });

  it("is told from other text", () => {
    expect(isId(newId())).toBe(true);
    const id = "01890000-0000-7000-8000-000000000001";
    for (const text of [
      "",
      id.toUpperCase().replace("0", "A"),
      `${id}0`,
      `x${id}`,
      id.slice(1),
      id.replaceAll("-", ""),
      `${id}\n`,
    ])
      expect(isId(text)).toBe(false);
  });
});
