import { AppError } from "@finops/kernel/app-error";
import { localUrl, type TlsFiles } from "./tls-files.ts";

/**
 * Where people reach the platform, without a slash at the end: `FINOPS_PUBLIC_URL` where a proxy stands in front, else this
 * machine. Companies are subdomains of it. @throws invalid for what is no such address
 */
export function readPublicUrl(env: NodeJS.ProcessEnv, port: number, tls: TlsFiles | null): string {
  const text = env["FINOPS_PUBLIC_URL"] ?? "";
  if (text === "") return localUrl(port, tls);
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.origin !== text.replace(/\/$/, ""))
    throw new AppError(
      "invalid",
      `FINOPS_PUBLIC_URL takes an address such as https://costs.example.com, not "${text}".`,
    );
  return url.origin;
}
