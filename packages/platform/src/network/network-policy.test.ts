import { describe, expect, it } from "vitest";
import { letsIn, parseRange } from "./network-policy.ts";

describe("a policy", () => {
  const policy = { allowedRanges: ["192.0.2.0/24", "2001:db8:1::/48", "203.0.113.9/32"].map(parseRange) };

  it.each([
    ["192.0.2.77", true],
    ["192.0.3.1", false],
    ["::ffff:192.0.2.77", true],
    ["203.0.113.9", true],
    ["203.0.113.10", false],
    ["2001:db8:1:2::3", true],
    ["2001:db8:2::1", false],
    ["fe80::1%eth0", false],
    ["nowhere", false],
    [null, false],
  ])("about %s", (address, isIn) => {
    expect(letsIn(policy, address)).toBe(isIn);
  });

  it("without ranges lets everybody in", () => {
    expect([letsIn({ allowedRanges: [] }, "192.0.2.1"), letsIn({ allowedRanges: [] }, null)]).toEqual([true, true]);
  });
});

describe("a range", () => {
  it.each([
    ["192.0.2.7", "192.0.2.7/32"],
    ["192.0.2.7/24", "192.0.2.0/24"],
    ["2001:DB8::1", "2001:db8::1/128"],
    ["2001:db8:0:0::/32", "2001:db8::/32"],
    ["::ffff:192.0.2.0/120", "192.0.2.0/24"],
  ])("%s is %s", (text, range) => {
    expect(parseRange(text)).toBe(range);
  });

  it.each(["", "10.1", "192.0.2.0/33", "192.0.2.256", "2001:db8::/129", "example.com", "0x7f.0.0.1", "::ffff:0:0/40"])(
    "%o is none",
    (text) => {
      expect(() => parseRange(text)).toThrow(/Write/);
    },
  );
});
