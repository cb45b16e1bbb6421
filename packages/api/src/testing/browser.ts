/** What answers our own addresses: the API in this process, or a server. */
interface Asked {
  request(url: string, init: RequestInit): Response | Promise<Response>;
}

/** A browser in so far as signing in needs one: cookies per host, and redirects that are followed. */
export interface TestBrowser {
  /** Goes to an address and on, until an answer is no redirect. */
  open(url: string): Promise<Visit>;
  /** Goes to an address and no further. */
  step(url: string, init?: RequestInit): Promise<Response>;
  /** Asks the API from the page of an origin. */
  ask(
    origin: string,
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; json: Record<string, unknown> }>;
  cookies: Map<string, Map<string, string>>;
}

export interface Visit {
  /** The address of the last answer. */
  url: URL;
  status: number;
  text: string;
  /** All addresses on the way. */
  way: string[];
}

export function createBrowser(api: Asked): TestBrowser {
  const cookies: TestBrowser["cookies"] = new Map();

  async function step(url: string, init: RequestInit = {}): Promise<Response> {
    const { host, hostname } = new URL(url);
    const jar = cookies.get(host) ?? new Map<string, string>();
    cookies.set(host, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = new Headers(init.headers);
    if (cookie !== "") headers.set("cookie", cookie);
    const sent = { ...init, headers, redirect: "manual" as const };
    const isOurs = hostname === "localhost" || hostname.endsWith(".localhost");
    const answer = isOurs ? await api.request(url, sent) : await fetch(url, sent);
    for (const line of answer.headers.getSetCookie()) {
      const [pair, ...attributes] = line.split(";");
      const [name, ...value] = pair!.split("=");
      const isGone = value.join("=") === "" || attributes.some((one) => /expires=thu, 01 jan 1970/i.test(one));
      if (isGone) jar.delete(name!.trim());
      else jar.set(name!.trim(), value.join("="));
    }
    return answer;
  }

  return {
    cookies,
    step,
    async open(url) {
      const way: string[] = [];
      for (let at = url; ;) {
        way.push(at);
        if (way.length > 20) throw new Error(`Too many redirects: ${way.join(" ")}`);
        const answer = await step(at);
        const location = answer.headers.get("location");
        if (location === null) return { url: new URL(at), status: answer.status, text: await answer.text(), way };
        at = new URL(location, at).href;
      }
    },
    async ask(origin, method, path, body) {
      const answer = await step(`${origin}${path}`, {
        method,
        headers: { "x-finops-request": "1", "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      return { status: answer.status, json: text.startsWith("{") ? (JSON.parse(text) as Record<string, unknown>) : {} };
    },
  };
}
