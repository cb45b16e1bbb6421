import { requestOrApply } from "@finops/platform/approvals/request-or-apply";
import type { AppEnv } from "@finops/platform/http/app-env";
import { problemResponses } from "@finops/platform/http/problem";
import { body, gone, json } from "@finops/platform/http/route-parts";
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { WaitingChange } from "../approvals/index.ts";
import { deletionChange, invitationChange } from "./changes.ts";
import { getCompanyExport, listCompanyExports, openCompanyExportFile, startCompanyExport } from "./company-exports.ts";
import {
  Company,
  CompanyChange,
  CompanyDomain,
  CompanyExport,
  CompanyExportFile,
  CompanyExports,
  CompanyInput,
  DeletionInput,
  DomainCheck,
  DomainInput,
  Invitation,
  InvitationInput,
  InvitationList,
  MyCompanies,
  MyCompany,
  Onboarding,
  SubdomainAnswer,
  SubdomainParameters,
  SwitchAnswer,
  SwitchInput,
} from "./contract.ts";
import { addDomain, listDomains, removeDomain, verifyDomain } from "./domains.ts";
import { listInvitations, resendInvitation, revokeInvitation } from "./invitations.ts";
import { keepCompany } from "./leaving.ts";
import { checkSubdomain, createCompany, listMyCompanies, switchCompany } from "./my-companies.ts";
import { getOnboarding, startDemoData } from "./onboarding.ts";
import { changeCompany, getCompany } from "./settings.ts";

const ById = z.object({ id: z.string() });

const tags = ["Companies"];

const mine = {
  list: createRoute({
    method: "get",
    path: "/companies",
    tags,
    summary: "The companies that the person belongs to",
    responses: { 200: json(MyCompanies, "By subdomain"), ...problemResponses },
  }),
  create: createRoute({
    method: "post",
    path: "/companies",
    tags,
    summary: "Make a company, whose owner is who makes it",
    request: { body: body(CompanyInput, { name: "Example", subdomain: "example" }) },
    responses: { 201: json(MyCompany, "The company"), ...problemResponses },
  }),
  subdomain: createRoute({
    method: "get",
    path: "/companies/subdomain",
    tags,
    summary: "Whether a company could have a subdomain",
    request: { query: SubdomainParameters },
    responses: { 200: json(SubdomainAnswer, "Whether it is free, and why not"), ...problemResponses },
  }),
  switch: createRoute({
    method: "post",
    path: "/companies/switch",
    tags,
    summary: "Go on in another of one's companies",
    request: { body: body(SwitchInput) },
    responses: { 200: json(SwitchAnswer, "Where the browser goes on, once, within a minute"), ...problemResponses },
  }),
};

const company = {
  get: createRoute({
    method: "get",
    path: "/company",
    summary: "The company's settings and state",
    responses: { 200: json(Company, "The company"), ...problemResponses },
  }),
  change: createRoute({
    method: "patch",
    path: "/company",
    summary: "Change what the company is called and reckons by",
    request: { body: body(CompanyChange) },
    responses: { 200: json(Company, "The company as it is now"), ...problemResponses },
  }),
  onboarding: createRoute({
    method: "get",
    path: "/company/onboarding",
    summary: "Which steps of getting started are done",
    responses: { 200: json(Onboarding, "The steps in their order"), ...problemResponses },
  }),
  demoData: createRoute({
    method: "post",
    path: "/company/demo-data",
    summary: "Fill a company that has no costs with those of an invented one",
    responses: { 202: json(Onboarding, "It is queued; its progress is in the onboarding"), ...problemResponses },
  }),
  leave: createRoute({
    method: "post",
    path: "/company/deletion",
    summary: "Have the company deleted in 30 days",
    request: { body: body(DeletionInput) },
    responses: {
      200: json(Company, "The company, which is shut now"),
      202: json(WaitingChange, "It waits for somebody's approval"),
      ...problemResponses,
    },
  }),
  stay: createRoute({
    method: "delete",
    path: "/company/deletion",
    summary: "Keep a company that was to be deleted",
    responses: { 200: json(Company, "The company as it was before"), ...problemResponses },
  }),
};

const domains = {
  list: createRoute({
    method: "get",
    path: "/company/domains",
    summary: "Host names of the company's own",
    responses: { 200: json(z.object({ domains: z.array(CompanyDomain) }), "By name"), ...problemResponses },
  }),
  add: createRoute({
    method: "post",
    path: "/company/domains",
    summary: "Note a host name as the company's; it works once its DNS record was seen",
    request: { body: body(DomainInput, { domain: "costs.acme.example" }) },
    responses: { 201: json(CompanyDomain, "The domain, with the record to add"), ...problemResponses },
  }),
  verify: createRoute({
    method: "post",
    path: "/company/domains/{id}/verify",
    summary: "Look for the DNS record of a domain",
    request: { params: ById },
    responses: { 200: json(DomainCheck, "What was found"), ...problemResponses },
  }),
  remove: createRoute({
    method: "delete",
    path: "/company/domains/{id}",
    summary: "Give a domain up",
    request: { params: ById },
    responses: gone("It is nobody's"),
  }),
};

const invitations = {
  list: createRoute({
    method: "get",
    path: "/invitations",
    summary: "Who was invited to the company",
    responses: { 200: json(InvitationList, "The newest first"), ...problemResponses },
  }),
  create: createRoute({
    method: "post",
    path: "/invitations",
    summary: "Invite an address; its person belongs to the company once they use the link in the mail",
    request: { body: body(InvitationInput, { email: "new@acme.example", role: "viewer" }) },
    responses: {
      201: json(Invitation, "The invitation"),
      202: json(WaitingChange, "It waits for somebody's approval"),
      ...problemResponses,
    },
  }),
  resend: createRoute({
    method: "post",
    path: "/invitations/{id}/resend",
    summary: "Send a new link; the one before works no more",
    request: { params: ById },
    responses: { 200: json(Invitation, "The invitation as it is now"), ...problemResponses },
  }),
  revoke: createRoute({
    method: "delete",
    path: "/invitations/{id}",
    summary: "Take an invitation back",
    request: { params: ById },
    responses: gone("Its link is nothing from now on"),
  }),
};

const exports = {
  list: createRoute({
    method: "get",
    path: "/company/exports",
    summary: "Exports of everything that the company has",
    responses: { 200: json(CompanyExports, "The newest first"), ...problemResponses },
  }),
  start: createRoute({
    method: "post",
    path: "/company/exports",
    summary: "Have everything of the company written, to take it along",
    responses: { 202: json(CompanyExport, "The export that is on its way"), ...problemResponses },
  }),
  get: createRoute({
    method: "get",
    path: "/company/exports/{id}",
    summary: "An export of everything",
    request: { params: ById },
    responses: { 200: json(CompanyExport, "The export with its files"), ...problemResponses },
  }),
  file: createRoute({
    method: "get",
    path: "/company/exports/{id}/file",
    summary: "A file of an export of everything",
    request: { params: ById, query: CompanyExportFile },
    responses: {
      200: { description: "The file", content: { "application/octet-stream": { schema: z.string() } } },
      ...problemResponses,
    },
  }),
};

/** The companies of a person, below `/api`: they are about more than the one company of the session. */
export function myCompanyRoutes(): OpenAPIHono<AppEnv> {
  return new OpenAPIHono<AppEnv>()
    .openapi(mine.list, async (c) => c.json(await listMyCompanies(c.var.ctx), 200))
    .openapi(mine.create, async (c) => c.json(await createCompany(c.var.ctx, c.req.valid("json")), 201))
    .openapi(mine.subdomain, async (c) => c.json(await checkSubdomain(c.var.ctx, c.req.valid("query").subdomain), 200))
    .openapi(mine.switch, async (c) => {
      const origin = c.var.site === null ? new URL(c.req.url).origin : null;
      return c.json(await switchCompany(c.var.ctx, c.req.valid("json"), origin), 200);
    });
}

/** The one company of the session or key, below `/api/v1`. */
export function companyRoutes(): OpenAPIHono<AppEnv> {
  const app = new OpenAPIHono<AppEnv>();
  app
    .openapi(company.leave, async (c) => {
      const made = await requestOrApply(c.var.ctx, deletionChange, c.req.valid("json"));
      return made.isApplied ? c.json(made.result, 200) : c.json({ request: made.request }, 202);
    })
    .openapi(company.stay, async (c) => c.json(await keepCompany(c.var.ctx), 200))
    .openapi(company.get, async (c) => c.json(await getCompany(c.var.ctx), 200))
    .openapi(company.change, async (c) => c.json(await changeCompany(c.var.ctx, c.req.valid("json")), 200))
    .openapi(company.onboarding, async (c) => c.json(await getOnboarding(c.var.ctx), 200))
    .openapi(company.demoData, async (c) => c.json(await startDemoData(c.var.ctx), 202));
  app
    .openapi(domains.list, async (c) => c.json({ domains: await listDomains(c.var.ctx) }, 200))
    .openapi(domains.add, async (c) => c.json(await addDomain(c.var.ctx, c.req.valid("json")), 201))
    .openapi(domains.verify, async (c) => c.json(await verifyDomain(c.var.ctx, c.req.valid("param").id), 200))
    .openapi(domains.remove, async (c) => {
      await removeDomain(c.var.ctx, c.req.valid("param").id);
      return c.body(null, 204);
    });
  app
    .openapi(invitations.list, async (c) => c.json(await listInvitations(c.var.ctx), 200))
    .openapi(invitations.create, async (c) => {
      const made = await requestOrApply(c.var.ctx, invitationChange, c.req.valid("json"));
      return made.isApplied ? c.json(made.result, 201) : c.json({ request: made.request }, 202);
    })
    .openapi(invitations.resend, async (c) => c.json(await resendInvitation(c.var.ctx, c.req.valid("param").id), 200))
    .openapi(invitations.revoke, async (c) => {
      await revokeInvitation(c.var.ctx, c.req.valid("param").id);
      return c.body(null, 204);
    });
  app
    .openapi(exports.list, async (c) => c.json(await listCompanyExports(c.var.ctx), 200))
    .openapi(exports.start, async (c) => c.json(await startCompanyExport(c.var.ctx), 202))
    .openapi(exports.get, async (c) => c.json(await getCompanyExport(c.var.ctx, c.req.valid("param").id), 200))
    .openapi(exports.file, async (c) => {
      const file = c.req.valid("query").file;
      const { bytes, content } = await openCompanyExportFile(c.var.ctx, c.req.valid("param").id, file);
      return new Response(ReadableStream.from(content), {
        headers: {
          "content-type": "application/octet-stream",
          "content-length": String(bytes),
          "content-disposition": `attachment; filename="${file}"`,
        },
      });
    });
  return app;
}
