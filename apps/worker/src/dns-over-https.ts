import type { DomainProof } from "@finops/platform/tenancy/domain-proof";

interface DnsAnswer {
  /** 0 is an answer, 3 that there is no such name. */
  Status: number;
  Answer?: { type: number; data: string }[];
}

const txt = 16;

/**
 * A Worker has no resolver of its own, so names are asked for over HTTPS.
 * @param resolver one that answers as JSON, as those of Cloudflare and Google do
 */
export function createDnsOverHttps(resolver: string): DomainProof {
  return {
    async listTexts(name) {
      const answer = await fetch(`${resolver}?name=${encodeURIComponent(name)}&type=TXT`, {
        headers: { accept: "application/dns-json" },
        signal: AbortSignal.timeout(5_000),
      });
      const { Status, Answer = [] } = (await answer.json()) as DnsAnswer;
      if (Status === 3) return [];
      if (Status !== 0) throw new Error(`the name server answers with code ${Status}`);
      return Answer.filter(({ type }) => type === txt).map(({ data }) => textOf(data));
    },
  };
}

/** A long text comes in pieces, each in quotes. */
function textOf(data: string): string {
  return [...data.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, piece]) => piece!.replaceAll(/\\(.)/g, "$1")).join("");
}
