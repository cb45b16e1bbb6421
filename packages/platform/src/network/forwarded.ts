import ipaddr from "ipaddr.js";

/** How a request came, as the connection itself tells. */
export interface RequestWay {
  isEncrypted: boolean;
  /** The host that was asked for, with its port where it has one. */
  host: string;
  /** The address at the other end; null where the host of the program cannot know. */
  address: string | null;
}

/**
 * How a request came to the outermost of the proxies in front. Each proxy adds to the end of the X-Forwarded headers, and
 * whoever sends the request can write anything before that: so it is counted from the end, and as many as are trusted.
 */
export function readForwarded(
  direct: RequestWay,
  header: (name: string) => string | undefined,
  trustedProxies: number,
): RequestWay {
  if (trustedProxies === 0) return direct;
  const told = (name: string) => {
    const parts = (header(name) ?? "").split(",").map((part) => part.trim());
    // A proxy that sets a header anew leaves one value, whatever the number of proxies.
    return parts.at(-trustedProxies) ?? (parts.length === 1 ? parts[0] : undefined);
  };
  const proto = told("x-forwarded-proto");
  const host = told("x-forwarded-host");
  const address = readAddress(told("x-forwarded-for") ?? "");
  return {
    isEncrypted: proto === undefined || proto === "" ? direct.isEncrypted : proto.toLowerCase() === "https",
    host: host === undefined || host === "" ? direct.host : host,
    address: address ?? direct.address,
  };
}

/** Proxies write `192.0.2.1`, `192.0.2.1:443`, `2001:db8::1` and `[2001:db8::1]:443`. */
function readAddress(text: string): string | null {
  const bare = /^\[(.+)\](?::\d+)?$/.exec(text)?.[1] ?? /^(\d+(?:\.\d+){3}):\d+$/.exec(text)?.[1] ?? text;
  return ipaddr.isValid(bare) ? ipaddr.process(bare).toString() : null;
}

/** Whether a browser keeps a cookie that is for encrypted ways only: over https, and on this very machine. */
export function isSafeWay({ isEncrypted, host }: Pick<RequestWay, "isEncrypted" | "host">): boolean {
  if (isEncrypted) return true;
  const name = host.replace(/:\d+$/, "").toLowerCase();
  return name === "localhost" || name.endsWith(".localhost") || name === "[::1]" || /^127(\.\d{1,3}){3}$/.test(name);
}
