import { Page } from "../../lib/page.tsx";
import { CompanyTabs } from "../../lib/company-tabs.tsx";
import { Keys } from "./keys.tsx";
import { ServiceAccounts } from "./service-accounts.tsx";

/** What programs ask with. */
export function KeysPage() {
  return (
    <Page title="API keys" tools={<CompanyTabs />}>
      <div className="grid max-w-4xl gap-4">
        <Keys />
        <ServiceAccounts />
      </div>
    </Page>
  );
}
