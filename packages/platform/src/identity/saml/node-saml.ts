import type { Saml } from "./saml.ts";

/** For hosts that run on Node. The library and its parsers of XML are loaded when a company uses them. */
export function createNodeSaml(): Saml {
  const answers = () => import("./library/read-answer.ts");
  const metadata = () => import("./library/read-metadata.ts");
  return {
    start: async (...way) => (await answers()).startSaml(...way),
    finish: async (...way) => (await answers()).finishSaml(...way),
    readMetadata: async (xml) => (await metadata()).readMetadata(xml),
    readCertificate: async (text) => (await metadata()).readCertificate(text),
  };
}
