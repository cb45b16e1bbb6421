import { describe, expect, it } from "vitest";
import { readSlackApp } from "./slack-app.ts";

const all = {
  FINOPS_SLACK_CLIENT_ID: "1.2",
  FINOPS_SLACK_CLIENT_SECRET: "secret",
  FINOPS_SLACK_SIGNING_SECRET: "signing",
};

describe("Slack's app of an installation", () => {
  it("is none without its settings, and needs all three", () => {
    expect(readSlackApp({})).toBeNull();
    expect(() => readSlackApp({ FINOPS_SLACK_CLIENT_ID: "1.2" })).toThrow(
      "Set FINOPS_SLACK_CLIENT_SECRET and FINOPS_SLACK_SIGNING_SECRET too",
    );
  });

  it("is at Slack, or where the operator says", () => {
    expect(readSlackApp(all)!.url).toBe("https://slack.com");
    for (const url of ["https://slack-gov.com", "http://127.0.0.1:4000"])
      expect(readSlackApp({ ...all, FINOPS_SLACK_URL: url })!.url).toBe(url);
    for (const url of ["http://slack.example", "https://slack.com/", "slack.com", "https://a@b.example"])
      expect(() => readSlackApp({ ...all, FINOPS_SLACK_URL: url })).toThrow("takes an address such as");
  });
});
