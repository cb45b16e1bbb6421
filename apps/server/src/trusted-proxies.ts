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
