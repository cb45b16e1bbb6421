import { Page } from "../../lib/page.tsx";
import { CompanyTabs } from "../../lib/company-tabs.tsx";
import { Networks } from "./networks.tsx";
import { Providers } from "./providers.tsx";
import { SessionLengths } from "./session-lengths.tsx";
import { SignInRules } from "./sign-in-rules.tsx";

/** Who may sign in to the company, with what, for how long and from where. */
export function AccessPage() {
  return (
    <Page title="Signing in" tools={<CompanyTabs />}>
      <div className="grid max-w-4xl gap-4">
        <SignInRules />
        <Providers />
        <SessionLengths />
        <Networks />
      </div>
    </Page>
  );
}
