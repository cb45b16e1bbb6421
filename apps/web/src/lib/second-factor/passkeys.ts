import { request } from "../api.ts";

/** Whether this browser can be asked for a passkey. */
export function hasPasskeys(): boolean {
  return typeof PublicKeyCredential !== "undefined" && "parseRequestOptionsFromJSON" in PublicKeyCredential;
}

/** Signs in with a passkey that the device offers. Throws what the browser or the server refuses. */
export async function signInWithPasskey(input: { company: string | undefined; remember: boolean }): Promise<void> {
  const { company, remember } = input;
  const wish = company === undefined ? {} : { company };
  const response = await showPasskey("/api/sign-in/passkey/options", wish);
  await request("/api/sign-in/passkey", { method: "POST", body: { ...wish, remember, response } });
}

/** Shows one of the person's own passkeys as their second factor. */
export async function showOwnPasskey(): Promise<void> {
  const response = await showPasskey("/api/second-factor/passkeys/show/options", undefined);
  await request("/api/second-factor/passkeys/show", { method: "POST", body: { response } });
}

/** Makes a passkey on this device and adds it to the person's. */
export async function addPasskey(name: string): Promise<void> {
  const options = await request<PublicKeyCredentialCreationOptionsJSON>("/api/second-factor/passkeys/options", {
    method: "POST",
  });
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
  const response = toJson(await navigator.credentials.create({ publicKey }).catch(sayInWords));
  await request("/api/second-factor/passkeys", { method: "POST", body: { name, response } });
}

async function showPasskey(path: string, body: unknown): Promise<unknown> {
  const options = await request<PublicKeyCredentialRequestOptionsJSON>(path, {
    method: "POST",
    ...(body === undefined ? {} : { body }),
  });
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  return toJson(await navigator.credentials.get({ publicKey }).catch(sayInWords));
}

function toJson(credential: Credential | null): unknown {
  if (!(credential instanceof PublicKeyCredential)) throw new Error("The browser gave no passkey. Try once more.");
  return credential.toJSON();
}

function sayInWords(error: unknown): never {
  if (error instanceof DOMException && error.name === "NotAllowedError")
    throw new Error("No passkey was shown. Try once more, or choose another way.");
  if (error instanceof DOMException && error.name === "InvalidStateError")
    throw new Error("This device has a passkey of yours already.");
  throw error;
}
