import type { AppEnv } from "@finops/platform/http/app-env";
import { problemResponses } from "@finops/platform/http/problem";
import { body, gone, json } from "@finops/platform/http/route-parts";
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import {
  IdentityProvider,
  IdentityProviderChange,
  IdentityProviderInput,
  IdentityProviders,
  IssuerFindings,
  SamlProviderInput,
  SignInSettings,
} from "./contract.ts";
import { exampleCertificate } from "./example-certificate.ts";
import {
  addIdentityProvider,
  changeIdentityProvider,
  listIdentityProviders,
  removeIdentityProvider,
  testIdentityProvider,
} from "./identity-providers.ts";
import { addSamlProvider } from "./saml-providers.ts";
import { resetSecondFactor } from "./second-factor.ts";
import { changeSignInSettings, getSignInSettings } from "./sign-in-settings.ts";

const exampleProvider = {
  name: "Acme",
  metadata: null,
  issuer: "https://login.acme.example/saml",
  signInUrl: "https://login.acme.example/saml/sign-in",
  certificates: [exampleCertificate],
};

const ById = z.object({ id: z.string() });

const routes = {
  list: createRoute({
    method: "get",
    path: "/identity-providers",
    summary: "The OpenID and SAML providers that the company brings itself",
    responses: { 200: json(IdentityProviders, "By name, without their secrets"), ...problemResponses },
  }),
  add: createRoute({
    method: "post",
    path: "/identity-providers",
    summary: "Add an OpenID provider that people of the company sign in with",
    request: { body: body(IdentityProviderInput) },
    responses: { 201: json(IdentityProvider, "The provider"), ...problemResponses },
  }),
  addSaml: createRoute({
    method: "post",
    path: "/identity-providers/saml",
    summary: "Add a SAML provider that people of the company sign in with",
    request: { body: body(SamlProviderInput.meta({ example: exampleProvider })) },
    responses: { 201: json(IdentityProvider, "The provider"), ...problemResponses },
  }),
  change: createRoute({
    method: "patch",
    path: "/identity-providers/{id}",
    summary: "Change a provider's name, client, scopes or certificates, or switch it off",
    request: { params: ById, body: body(IdentityProviderChange) },
    responses: { 200: json(IdentityProvider, "The provider as it is now"), ...problemResponses },
  }),
  remove: createRoute({
    method: "delete",
    path: "/identity-providers/{id}",
    summary: "Remove a provider",
    request: { params: ById },
    responses: gone("Nobody signs in with it any more"),
  }),
  test: createRoute({
    method: "post",
    path: "/identity-providers/{id}/test",
    summary: "Look for what would keep people from signing in with a provider",
    request: { params: ById },
    responses: {
      200: json(IssuerFindings, "Discovery, scopes, PKCE, clock and redirect URI; or certificates and addresses"),
      ...problemResponses,
    },
  }),
  settings: createRoute({
    method: "get",
    path: "/sign-in-settings",
    summary: "Who may sign in to the company, and how",
    responses: { 200: json(SignInSettings, "What holds"), ...problemResponses },
  }),
  changeSettings: createRoute({
    method: "put",
    path: "/sign-in-settings",
    summary: "Say who may sign in, with what, whether a second factor is wanted, and who joins by signing in",
    request: { body: body(SignInSettings) },
    responses: { 200: json(SignInSettings, "What holds from now on"), ...problemResponses },
  }),
  resetSecondFactor: createRoute({
    method: "delete",
    path: "/members/{id}/second-factor",
    summary: "Take away the second factor of a member who lost it, and end their sessions",
    request: { params: ById },
    responses: gone("They add a new one when they sign in next"),
  }),
};

/** What administrators say about signing in. Signing in itself happens at the door. */
export function signInSetupRoutes(): OpenAPIHono<AppEnv> {
  return new OpenAPIHono<AppEnv>()
    .openapi(routes.list, async (c) => c.json(await listIdentityProviders(c.var.ctx), 200))
    .openapi(routes.add, async (c) => c.json(await addIdentityProvider(c.var.ctx, c.req.valid("json")), 201))
    .openapi(routes.addSaml, async (c) => c.json(await addSamlProvider(c.var.ctx, c.req.valid("json")), 201))
    .openapi(routes.change, async (c) =>
      c.json(await changeIdentityProvider(c.var.ctx, c.req.valid("param").id, c.req.valid("json")), 200),
    )
    .openapi(routes.remove, async (c) => {
      await removeIdentityProvider(c.var.ctx, c.req.valid("param").id);
      return c.body(null, 204);
    })
    .openapi(routes.test, async (c) => c.json(await testIdentityProvider(c.var.ctx, c.req.valid("param").id), 200))
    .openapi(routes.settings, async (c) => c.json(await getSignInSettings(c.var.ctx), 200))
    .openapi(routes.changeSettings, async (c) =>
      c.json(await changeSignInSettings(c.var.ctx, c.req.valid("json")), 200),
    )
    .openapi(routes.resetSecondFactor, async (c) => {
      await resetSecondFactor(c.var.ctx, c.req.valid("param").id);
      return c.body(null, 204);
    });
}
