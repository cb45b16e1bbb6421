import { AppError } from "@finops/kernel/app-error";
import type { EngineBehind } from "@finops/api/engine-behind";

/**
 * The Node process that makes files and reads bills for the Worker, at the one origin that is set; null where none is.
 * @throws precondition for what is no origin of another program
 */
export function openNodeBehind(origin: string, baseUrl: string): EngineBehind | null {
  if (origin === "") return null;
  const { protocol, hostname, origin: plain } = URL.canParse(origin) ? new URL(origin) : new URL("none:");
  const isSafe = protocol === "https:" || (protocol === "http:" && /^(localhost|127\.0\.0\.1)$/.test(hostname));
  const own = new URL(baseUrl);
  // Companies' subdomains are the Worker's as well: it would ask itself, again and again.
  const isOwn = plain === own.origin || hostname.endsWith(`.${own.hostname}`);
  if (!isSafe || origin.replace(/\/$/, "") !== plain || isOwn)
    throw new AppError(
      "precondition",
      "FINOPS_NODE_ORIGIN takes the address of a Node process, such as https://node.example.com: https, without a path, and no address that people use.",
    );
  // A redirect is an answer: what is handed on goes to this origin alone.
  return ({ path, ...asked }) => fetch(`${plain}${path}`, { ...asked, redirect: "manual" });
}
