import type { Clock } from "@finops/kernel/clock";
import type { Database } from "./db/database.ts";
import type { FileStore } from "./files/file-store.ts";
import type { SignInSetup } from "./identity/oidc/providers.ts";
import type { Saml } from "./identity/saml/saml.ts";
import type { Mail } from "./mail/mail.ts";
import type { OutsideAccess } from "./network/outside-call.ts";
import type { SlackApp } from "./network/slack-app.ts";
import type { Logger } from "./observe/log.ts";
import type { Telemetry } from "./observe/telemetry.ts";
import type { DomainProof } from "./tenancy/domain-proof.ts";
import type { InstallationVault } from "./secrets/envelope-vault.ts";

/**
 * Everything that differs between the places the platform runs in. A host is one file that fills this in; the code above
 * never asks where it runs.
 */
export interface Host {
  db: Database;
  files: FileStore;
  clock: Clock;
  log: Logger;
  telemetry: Telemetry;
  mail: Mail;
  /** For what is sent to addresses that companies give, such as those of their chats. */
  outside: OutsideAccess;
  /** Null where the operator made none. */
  slack: SlackApp | null;
  vault: InstallationVault;
  /** What companies sign in with besides what they bring themselves. */
  signIn: SignInSetup;
  /** Null where a host cannot check signatures of XML: companies are offered no SAML there. */
  saml: Saml | null;
  /** Where people reach the web, without a slash at the end: `http://localhost:3000`. Links in mails start with it. */
  baseUrl: string;
  /** Looks host names up that companies say are theirs. */
  domains: DomainProof;
  /** Who makes companies: any owner of one, or the operator of the platform alone. */
  companyCreation: CompanyCreation;
}

export const companyCreations = ["owners", "operator"] as const;
export type CompanyCreation = (typeof companyCreations)[number];
