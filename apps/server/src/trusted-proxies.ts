import { AppError } from "@finops/kernel/app-error";

/**
 * How many proxies stand in front, from `FINOPS_TRUST_PROXY`: their X-Forwarded headers are believed. 0 where it is not set.
 * @throws invalid for what is no whole number from 0 to 9
 */
export function readTrustedProxies(env: NodeJS.ProcessEnv): number {
  const text = env["FINOPS_TRUST_PROXY"] ?? "";
  if (text === "") return 0;
  if (!/^\d$/.test(text))
    throw new AppError(
      "invalid",
      `FINOPS_TRUST_PROXY takes the number of proxies in front of the server, such as 1, not "${text}".`,
    );
  return Number(text);
}

/**
 * The header in which those proxies say the country of an address, from `FINOPS_COUNTRY_HEADER`, such as `cf-ipcountry`; null
 * where it is not set.
 * @throws invalid for what is no name of a header, and where no proxy is trusted
 */
export function readCountryHeader(env: NodeJS.ProcessEnv): string | null {
  const text = env["FINOPS_COUNTRY_HEADER"] ?? "";
  if (text === "") return null;
  if (!/^[\w-]{1,64}$/.test(text))
    throw new AppError(
      "invalid",
      `FINOPS_COUNTRY_HEADER takes the name of a header, such as cf-ipcountry, not "${text}".`,
    );
  if (readTrustedProxies(env) === 0)
    throw new AppError(
      "invalid",
      "FINOPS_COUNTRY_HEADER is a proxy's word: say with FINOPS_TRUST_PROXY how many there are.",
    );
  return text;
}
