import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import { AppError } from "@finops/kernel/app-error";

/** A certificate with its chain, and its private key, as PEM. */
export interface TlsFiles {
  cert: Buffer;
  key: Buffer;
}

/**
 * Reads what `FINOPS_TLS_CERT` and `FINOPS_TLS_KEY` name; null where neither is set, which means plain HTTP.
 * @throws precondition when only one is set, or when they are not a certificate and its key
 */
export function readTlsFiles(env: NodeJS.ProcessEnv): TlsFiles | null {
  const certPath = env["FINOPS_TLS_CERT"] ?? "";
  const keyPath = env["FINOPS_TLS_KEY"] ?? "";
  if (certPath === "" && keyPath === "") return null;
  if (certPath === "" || keyPath === "")
    throw new AppError(
      "precondition",
      "FINOPS_TLS_CERT and FINOPS_TLS_KEY go together: name the certificate and its key, or neither.",
    );
  try {
    const files = { cert: readFileSync(certPath), key: readFileSync(keyPath) };
    createSecureContext(files);
    return files;
  } catch (cause) {
    throw new AppError(
      "precondition",
      `${certPath} and ${keyPath} cannot be used as certificate and key (${(cause as Error).message}). \`make certs\` makes a pair.`,
      { cause },
    );
  }
}

/** The address of this machine's server; companies are subdomains of it. */
export function localUrl(port: number, tls: TlsFiles | null): string {
  return `${tls === null ? "http" : "https"}://localhost:${port}`;
}
