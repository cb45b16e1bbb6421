import { describe, expect, it } from "vitest";
import { entityTag, isKnown } from "./entity-tag.ts";

describe("an entity tag", () => {
  it("is the same for the same, and another for anything else", async () => {
    const tag = await entityTag({ position: "7" }, { isWeak: false });
    expect(tag).toMatch(/^"[\w-]{27}"$/);
    expect(await entityTag({ position: "7" }, { isWeak: false })).toBe(tag);
    expect(await entityTag({ position: "8" }, { isWeak: false })).not.toBe(tag);
    expect(await entityTag({ position: "7" }, { isWeak: true })).toBe(`W/${tag}`);
  });

  it.each([
    ['"a"', true],
    ['"b", W/"a"', true],
    ["*", true],
    ['"b"', false],
    [undefined, false],
  ])("is known to who sends %s: %s", (header, known) => {
    expect(isKnown(header, 'W/"a"')).toBe(known);
  });
});
