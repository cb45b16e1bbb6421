import { SignInPolicy } from "@finops/platform/identity/sign-in-policy";
import * as z from "zod";

/** What the page of signing in says for `?error=<code>`. A code tells nothing that only the owner of an account may know. */
export const signInErrors = {
  expired: "That took too long, or was done already. Sign in once more.",
  browser: "Signing in was started in another browser. Start and end it in the same one.",
  cancelled: "You did not agree at the provider, so you are not signed in.",
  provider:
    "The provider's answer could not be trusted, so you are not signed in. Try again; if it stays so, tell your administrator.",
  unavailable: "This way to sign in is not offered here. Choose another one.",
  "no-account": "This account does not belong to the company. Ask an administrator of the company for an invitation.",
  "email-missing": "The provider does not say your e-mail address. Allow it there, or choose another way to sign in.",
  "email-unverified":
    "The provider has not checked your e-mail address. Sign in by a mail link, then add the provider in your profile.",
  "email-sent": "We have sent you a mail. Open its link in this browser to join this account with yours.",
  domain: "The company does not allow addresses of this domain.",
  issuer: "The company does not allow this way to sign in. Choose another one.",
  "linked-elsewhere": "This account belongs to somebody else here already.",
  "link-used": "This link was used before, or is too old. Ask for a new one.",
} as const;
export type SignInErrorCode = keyof typeof signInErrors;

const ProviderKinds = z.enum(["oidc", "google", "microsoft", "saml"]);

/** What a company's page of signing in offers. An unknown company's looks alike. */
export const SignInOptions = z.object({
  providers: z.array(z.object({ key: z.string(), name: z.string(), kind: ProviderKinds })),
  emailLink: z.boolean(),
  passkey: z.boolean(),
  /** The host name says no company, so whoever signs in names theirs. */
  asksCompany: z.boolean(),
});
export type SignInOptions = z.infer<typeof SignInOptions>;

export const LinkRequest = z.strictObject({
  email: z.string().trim().min(3).max(254),
  remember: z.boolean().default(false),
  /** The company's slug, where the host does not say it. */
  company: z.string().max(63).optional(),
});
export type LinkRequest = z.input<typeof LinkRequest>;

// Providers of a company ---------------------------------------------------------------------------------------------------

const Scopes = z
  .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/, "A scope has no spaces and no quotes."))
  .min(1)
  .max(20)
  .refine((scopes) => scopes.includes("openid"), "The scope openid is what makes it a sign-in.");

const ProviderName = z.string().trim().min(1, "Give it a name.").max(60);

/** `ending`: within 30 days. What it signs is taken all the same, for providers keep their key when they renew it. */
export const certificateStates = ["good", "ending", "ended"] as const;

const SamlCertificate = z.object({
  fingerprint: z.string().describe("SHA-256"),
  endsAt: z.string(),
  state: z.enum(certificateStates),
});

export const IdentityProvider = z.object({
  id: z.string(),
  name: z.string(),
  kind: ProviderKinds,
  issuer: z.string().describe("The entity id of a SAML provider"),
  clientId: z.string().nullable().describe("null for a SAML provider"),
  /** The secret itself is never told. */
  hasSecret: z.boolean(),
  scopes: z.array(z.string()),
  signInUrl: z.string().nullable().describe("Where a SAML provider takes requests; null for others"),
  certificates: z.array(SamlCertificate).describe("What a SAML provider signs with; none for others"),
  isOn: z.boolean(),
  createdAt: z.string(),
  changedAt: z.string(),
});
export type IdentityProvider = z.infer<typeof IdentityProvider>;

export const IdentityProviderInput = z.strictObject({
  name: ProviderName.describe("As it stands on the button"),
  kind: z.enum(["oidc", "google", "microsoft"]).default("oidc"),
  issuer: z
    .string()
    .trim()
    .min(1)
    .max(500)
    .meta({ example: "https://login.acme.example" })
    .describe("The address below which /.well-known/openid-configuration is"),
  clientId: z.string().trim().min(1).max(300),
  clientSecret: z.string().min(1).max(2000).nullable().default(null).describe("null for a client without one"),
  scopes: Scopes.default(["openid", "email", "profile"]).meta({ example: ["openid", "email"] }),
  isOn: z.boolean().default(true),
});
export type IdentityProviderInput = z.input<typeof IdentityProviderInput>;

const Metadata = z.string().max(500_000).describe("The provider's metadata, as XML");
const Certificates = z.array(z.string().max(20_000)).min(1).max(10).describe("PEM, of now and of soon");
const Address = z.string().trim().min(1).max(500);

export const SamlProviderInput = z.strictObject({
  name: ProviderName.describe("As it stands on the button"),
  metadata: Metadata.nullable()
    .default(null)
    .describe("The provider's metadata as XML, or null with the three fields below"),
  issuer: z
    .string()
    .max(500)
    .regex(/^[\x21-\x7e]+$/, "An entity id is an address, without spaces.")
    .nullable()
    .default(null)
    .describe("The provider's entity id"),
  signInUrl: Address.nullable().default(null).describe("Where it takes requests by redirect"),
  certificates: Certificates.nullable().default(null),
  isOn: z.boolean().default(true),
});
export type SamlProviderInput = z.input<typeof SamlProviderInput>;

export const IdentityProviderChange = z.strictObject({
  name: ProviderName.optional(),
  clientId: z.string().trim().min(1).max(300).optional(),
  clientSecret: z.string().min(1).max(2000).nullable().optional().describe("Left out, it stays as it is"),
  scopes: Scopes.optional().meta({ example: ["openid", "email"] }),
  metadata: Metadata.optional().describe("New metadata of a SAML provider, with its new address and certificates"),
  signInUrl: Address.optional().describe("Of a SAML provider"),
  certificates: Certificates.optional().describe("Of a SAML provider: all that count from now on"),
  isOn: z.boolean().optional(),
});
export type IdentityProviderChange = z.input<typeof IdentityProviderChange>;

export const IdentityProviders = z.object({
  providers: z.array(IdentityProvider),
  /** What has to be registered at every OpenID provider. */
  redirectUri: z.string(),
  /** What has to be registered at every SAML provider; null where the host offers no SAML. */
  saml: z
    .object({
      entityId: z.string().describe("Also called audience or identifier"),
      consumerUrl: z.string().describe("The assertion consumer service, also called reply or single sign-on address"),
      metadataUrl: z.string(),
    })
    .nullable(),
});
export type IdentityProviders = z.infer<typeof IdentityProviders>;

export const IssuerFinding = z.object({ what: z.string(), ok: z.boolean(), detail: z.string() });
export type IssuerFinding = z.infer<typeof IssuerFinding>;
export const IssuerFindings = z.object({ findings: z.array(IssuerFinding) });

/** Who may sign in to the company, and how. */
export const SignInSettings = SignInPolicy.meta({
  example: {
    allowedDomains: [],
    allowedIssuers: [],
    requiredIssuer: null,
    secondFactor: "optional",
    provisioning: { isOn: false, role: "viewer", groupClaim: "groups" },
  },
});
export type SignInSettings = z.output<typeof SignInSettings>;

// A second factor ------------------------------------------------------------------------------------------------------------

/** `enroll`: the company wants one, and the person has none. `show`: it has not been shown in this session. */
export const secondFactorStates = ["not-needed", "shown", "show", "enroll"] as const;
export type SecondFactorNeed = (typeof secondFactorStates)[number];

export const SecondFactorState = z.object({
  need: z.enum(secondFactorStates),
  /** Whether the person has to prove anew who they are before they change any of it. */
  mustProve: z.boolean(),
  hasCodes: z.boolean(),
  recoveryCodesLeft: z.number(),
  passkeys: z.array(
    z.object({ id: z.string(), name: z.string(), createdAt: z.string(), lastUsedAt: z.string().nullable() }),
  ),
});
export type SecondFactorState = z.infer<typeof SecondFactorState>;

/** Shown once, as a picture of `uri` and as text, for an app that shows codes. */
export const NewSecondFactor = z.object({ secret: z.string(), uri: z.string() });
export const RecoveryCodes = z.object({ recoveryCodes: z.array(z.string()) });
export const CodeInput = z.strictObject({
  code: z.string().trim().max(40).describe("Six digits of the app, or a recovery code"),
});
export const PasskeyName = z.strictObject({ name: z.string().trim().min(1).max(60) });

/** A way to sign in that a person linked. */
export const LinkedIdentities = z.object({
  identities: z.array(z.object({ id: z.string(), issuer: z.string(), createdAt: z.string() })),
});
