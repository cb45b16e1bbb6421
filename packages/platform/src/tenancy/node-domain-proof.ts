import { Resolver } from "node:dns/promises";
import type { DomainProof } from "./domain-proof.ts";

const absent: ReadonlySet<string> = new Set(["ENOTFOUND", "ENODATA"]);

/** Asks the name servers of this machine, or those that are given, such as `127.0.0.1:5353`. */
export function createNodeDomainProof({ servers }: { servers?: readonly string[] } = {}): DomainProof {
  return {
    async listTexts(name) {
      const resolver = new Resolver({ timeout: 3_000, tries: 2 });
      if (servers !== undefined) resolver.setServers(servers);
      try {
        // A long text comes in pieces.
        return (await resolver.resolveTxt(name)).map((pieces) => pieces.join(""));
      } catch (error) {
        if (absent.has((error as NodeJS.ErrnoException).code ?? "")) return [];
        throw error;
      }
    },
  };
}
