export { admit } from "./admit.ts";
export { checkIssuer } from "./check-issuer.ts";
export { CodeInput, LinkRequest, signInErrors, type SignInErrorCode, type SignInOptions } from "./contract.ts";
export { findSignInProvider, listSignInProviders } from "./identity-providers.ts";
export { admitByLink, issuerOf, readAddress, sendLink } from "./mail-link.ts";
export { addPasskey, admitByPasskey, askForPasskey, beginPasskey, removePasskey, takePasskey } from "./passkeys.ts";
export { signInSetupRoutes } from "./routes.ts";
export {
  beginCodes,
  confirmCodes,
  getSecondFactor,
  removeCodes,
  renewRecoveryCodes,
  resetSecondFactorOf,
  secondFactorNeed,
  showCode,
} from "./second-factor.ts";
export { tellOfChange } from "./tell-of-change.ts";
