import { companyStates, TenantInput } from "@finops/platform/tenancy/tenant-input";
import * as z from "zod";
import { Scope } from "../people/contract.ts";

const { slug, currency, fiscalYearStart, timeZone } = TenantInput.shape;
const Name = z.string().trim().min(1, "Give it a name.").max(120);

/** What comes before the platform's own host name: `acme` of `acme.localhost:3000`. */
const Subdomain = slug;

// The companies of a person -------------------------------------------------------------------------------------------------

/** A company that the person who asks belongs to. */
export const MyCompany = z.object({
  id: z.string(),
  subdomain: z.string(),
  name: z.string(),
  role: z.string().describe("The key of the person's role there"),
  /** Whether this session is one of it. */
  isCurrent: z.boolean(),
});
export type MyCompany = z.infer<typeof MyCompany>;

/** By subdomain. */
export const MyCompanies = z.object({
  companies: z.array(MyCompany),
  /** Whether the person may make another company here. */
  canCreate: z.boolean(),
});
export type MyCompanies = z.infer<typeof MyCompanies>;

export const CompanyInput = z.strictObject({
  name: Name,
  subdomain: Subdomain,
  currency,
  fiscalYearStart,
  timeZone,
});
export type CompanyInput = z.input<typeof CompanyInput>;

export const SubdomainParameters = z.object({ subdomain: z.string().max(80) });
export const SubdomainAnswer = z.object({
  subdomain: z.string(),
  isAvailable: z.boolean(),
  /** Why not, in a sentence; null where it can be had. */
  reason: z.string().nullable(),
});
export type SubdomainAnswer = z.infer<typeof SubdomainAnswer>;

export const SwitchInput = z.strictObject({ company: z.string().max(80).describe("The subdomain of one's company") });
export type SwitchInput = z.input<typeof SwitchInput>;

/** Where the browser goes on: the link signs the person in there, once, within a minute. */
export const SwitchAnswer = z.object({ url: z.string() });
export type SwitchAnswer = z.infer<typeof SwitchAnswer>;

// Settings --------------------------------------------------------------------------------------------------------------------

export const Company = z.object({
  id: z.string(),
  name: z.string(),
  subdomain: z.string(),
  currency: z.string().describe("ISO 4217; what screens start with. Costs keep their own."),
  fiscalYearStart: z.number().describe("Month 1 to 12 in which the financial year starts"),
  timeZone: z.string(),
  state: z.enum(companyStates),
  /** When it is deleted; null unless it leaves. */
  leavesAt: z.string().nullable(),
  /** Why it does not work as usual, as the operator said it; empty where nothing is to be said. */
  stateReason: z.string(),
  createdAt: z.string(),
  /** Where its people reach it. */
  url: z.string(),
});
export type Company = z.infer<typeof Company>;

export const CompanyChange = z.strictObject({
  name: Name.optional(),
  subdomain: Subdomain.optional(),
  currency: currency.unwrap().optional(),
  fiscalYearStart: fiscalYearStart.unwrap().optional(),
  timeZone: timeZone.unwrap().optional(),
});
export type CompanyChange = z.input<typeof CompanyChange>;

/** A host name of the company's own, such as `costs.acme.example`. It works once a DNS record has shown whose it is. */
export const CompanyDomain = z.object({
  id: z.string(),
  domain: z.string(),
  verifiedAt: z.string().nullable(),
  missingSince: z
    .string()
    .nullable()
    .describe("Since when the record of a domain that works is not there; a week later it works no more"),
  /** The TXT record that proves it. */
  record: z.object({ name: z.string(), value: z.string() }),
  createdAt: z.string(),
});
export type CompanyDomain = z.infer<typeof CompanyDomain>;

export const DomainInput = z.strictObject({
  domain: z
    .string()
    .trim()
    .toLowerCase()
    .max(253)
    .regex(
      /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/,
      "Use a host name such as costs.acme.example.",
    ),
});
export type DomainInput = z.input<typeof DomainInput>;

/** What the look for the record found. */
export const DomainCheck = z.object({
  domain: CompanyDomain,
  /** What is still missing, in a sentence; null where the domain works. */
  problem: z.string().nullable(),
});
export type DomainCheck = z.infer<typeof DomainCheck>;

// Invitations -----------------------------------------------------------------------------------------------------------------

export const invitationStates = ["open", "accepted", "expired", "revoked"] as const;

export const Invitation = z.object({
  id: z.string(),
  email: z.string(),
  role: z.object({ key: z.string(), name: z.string() }),
  unitId: z.string().nullable(),
  scope: Scope,
  state: z.enum(invitationStates),
  invitedBy: z.string(),
  /** When its newest mail was sent. */
  sentAt: z.string(),
  expiresAt: z.string(),
  acceptedAt: z.string().nullable(),
});
export type Invitation = z.infer<typeof Invitation>;

export const InvitationInput = z.strictObject({
  email: z
    .string()
    .trim()
    .toLowerCase()
    .max(254)
    .regex(/^[^\s@]+@[^\s@]+$/, "Use an e-mail address."),
  role: z.string().min(1).max(60).describe("The key of a role, such as viewer"),
  unitId: z.string().max(60).nullable().default(null),
  scope: Scope.default(null),
});
export type InvitationInput = z.input<typeof InvitationInput>;

/** The newest first. */
export const InvitationList = z.object({ invitations: z.array(Invitation) });
export type InvitationList = z.infer<typeof InvitationList>;

// Getting started -------------------------------------------------------------------------------------------------------------

export const onboardingSteps = ["company", "people", "costs"] as const;

/** What a company that begins has done: checked its settings, invited somebody, and got costs. */
export const Onboarding = z.object({
  steps: z.array(z.object({ key: z.enum(onboardingSteps), isDone: z.boolean() })),
  isDone: z.boolean(),
  demoData: z
    .object({
      id: z.string(),
      state: z.enum(["queued", "running", "done", "failed", "cancelled"]),
      /** 0 to 1. */
      share: z.number(),
      label: z.string(),
      /** What went wrong, in a sentence. */
      error: z.string().nullable(),
    })
    .nullable(),
});
export type Onboarding = z.infer<typeof Onboarding>;

// Leaving ---------------------------------------------------------------------------------------------------------------------

/** The company's name is typed, so that nobody asks for it by a slip. */
export const DeletionInput = z.strictObject({ companyName: z.string().max(200) });
export type DeletionInput = z.input<typeof DeletionInput>;

export const companyExportFiles = [
  "costs.parquet",
  "documents.json",
  "organisation.json",
  "audit-sealed.jsonl",
  "audit.csv",
] as const;
export const CompanyExportFile = z.object({
  file: z.enum(companyExportFiles).describe("All costs as FOCUS 1.2, documents, the organisation, the audit"),
});

/** Everything that the company has, written for it to take along. */
export const CompanyExport = z.object({
  id: z.string(),
  state: z.enum(["queued", "running", "done", "failed", "cancelled"]),
  createdAt: z.string(),
  finishedAt: z.string().nullable(),
  error: z.string().nullable(),
  files: z.array(z.object({ name: z.enum(companyExportFiles), bytes: z.number(), sha256: z.string() })),
});
export type CompanyExport = z.infer<typeof CompanyExport>;
export const CompanyExports = z.object({ exports: z.array(CompanyExport) });
export type CompanyExports = z.infer<typeof CompanyExports>;

// For the operator of the platform --------------------------------------------------------------------------------------------

export const CompanySummary = z.object({
  subdomain: z.string(),
  name: z.string(),
  state: z.enum(companyStates),
  stateReason: z.string(),
  leavesAt: z.string().nullable(),
  createdAt: z.string(),
});
export type CompanySummary = z.infer<typeof CompanySummary>;

/** A company that the operator makes; its owner gets a link by `finops link`, or is the address that is given. */
export const OperatorCompanyInput = CompanyInput.extend({
  owner: InvitationInput.shape.email.optional().describe("E-mail address of its owner"),
});
export type OperatorCompanyInput = z.input<typeof OperatorCompanyInput>;
