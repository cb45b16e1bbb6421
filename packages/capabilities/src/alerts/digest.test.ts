import { describe, expect, it } from "vitest";
import { Digest } from "./contract.ts";
import { digestOf, nextDigestAt } from "./digest.ts";
import { type AlertMessage, headline, plainText } from "./message.ts";

const daily = Digest.parse({ every: "day", at: "08:00", timeZone: "Europe/Berlin" });
const about = { company: "Acme", at: "2026-11-10T07:00:00.000Z", url: "https://costs.example/alerts", rule: "Team" };
const told = (
  what: AlertMessage["what"],
  rule: string,
  severity: AlertMessage["severity"],
  ids: string[],
): AlertMessage => ({
  ...about,
  what,
  rule,
  severity,
  alerts: ids.map((id) => ({ id, title: id, message: `${id} is dear.`, url: `https://costs.example/alerts/${id}` })),
});

describe("a digest", () => {
  it.each([
    ["later on the same day", daily, "2026-11-10T06:59:59Z", "2026-11-10T07:00:00.000Z"],
    ["on the next day, at its own instant", daily, "2026-11-10T07:00:00Z", "2026-11-11T07:00:00.000Z"],
    ["an hour earlier once summer began", daily, "2026-03-28T08:00:00Z", "2026-03-29T06:00:00.000Z"],
    [
      "on its weekday",
      { ...daily, every: "week" as const, weekday: 5 },
      "2026-11-10T12:00:00Z",
      "2026-11-13T07:00:00.000Z",
    ],
  ])("is due %s", (_, digest, after, due) => expect(nextDigestAt(digest, new Date(after)).toISOString()).toBe(due));

  it("tells each alert once, with all that it did, the severe ones first and those of a rule together", () => {
    const message = digestOf(
      [
        told("fired", "Web", "warning", ["a1", "a2"]),
        told("fired", "Clusters", "critical", ["b1"]),
        told("resolved", "Web", "warning", ["a1"]),
        told("woken", "Web", "warning", ["a3"]),
      ],
      about,
    );
    expect(headline(message)).toBe("Digest: 3 fired, 1 resolved, 1 still there");
    expect(
      plainText(message)
        .split("\n")
        .filter((line) => line !== "" && !line.startsWith("https")),
    ).toEqual([
      "Digest: 3 fired, 1 resolved, 1 still there",
      "Clusters (critical)",
      "Fired: b1 is dear.",
      "Web (warning)",
      "Fired, resolved: a1 is dear.",
      "Fired: a2 is dear.",
      "Still there: a3 is dear.",
      "Acme, 2026-11-10T07:00:00.000Z, severity critical.",
    ]);
  });

  it("lists some and counts the rest, and says when nothing happened", () => {
    const ids = Array.from({ length: 500 }, (_, index) => `a${index}`);
    expect(plainText(digestOf([told("fired", "Web", "info", ids)], about))).toContain("And 480 more.");
    expect(headline(digestOf([], about))).toBe("Digest: nothing fired and nothing was resolved");
  });
});
