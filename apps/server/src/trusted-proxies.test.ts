import { describe, expect, it } from "vitest";
import { readCountryHeader, readTrustedProxies } from "./trusted-proxies.ts";

describe("the proxies in front", () => {
  it("are none unless they are counted, with a digit", () => {
    expect([readTrustedProxies({}), readTrustedProxies({ FINOPS_TRUST_PROXY: "2" })]).toEqual([0, 2]);
    expect(() => readTrustedProxies({ FINOPS_TRUST_PROXY: "yes" })).toThrow("the number of proxies");
  });

  it("say countries in a header that is named, and only where they are trusted", () => {
    const trusted = { FINOPS_TRUST_PROXY: "1" };
    expect([readCountryHeader({}), readCountryHeader({ ...trusted, FINOPS_COUNTRY_HEADER: "cf-ipcountry" })]).toEqual([
      null,
      "cf-ipcountry",
    ]);
    expect(() => readCountryHeader({ FINOPS_COUNTRY_HEADER: "cf-ipcountry" })).toThrow("FINOPS_TRUST_PROXY");
    expect(() => readCountryHeader({ ...trusted, FINOPS_COUNTRY_HEADER: "a header: yes" })).toThrow("name of a header");
  });
});
