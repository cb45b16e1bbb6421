import { MenuItemText, menuItemClasses, menuPanelClasses } from "@finops/ui/primitives/menu-style";
import { joinClasses } from "@finops/ui/text/join-classes";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Building2, CircleUserRound, LogOut, Plus, UserRoundCog } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import type { ComponentProps } from "react";
import { useSignOut } from "../lib/use-sign-out.ts";
import { myCompaniesQuery, useSwitchCompany } from "../lib/company-queries.ts";
import { type Theme, usePreferences } from "../lib/preferences.ts";
import type { RailProps } from "./rail.tsx";

const themes: { value: Theme; label: string }[] = [
  { value: "system", label: "As the system" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
];

/** Who is signed in, their companies, the theme, and the way out. */
export function PersonMenu({ session, form }: Pick<RailProps, "session"> & { form: "row" | "icon" | "tab" }) {
  const { theme, setTheme } = usePreferences();
  const signOut = useSignOut();
  const signOutEverywhere = useSignOut("everywhere");
  const navigate = useNavigate();
  const name = session.name || session.email;
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger
        title={form === "icon" ? name : undefined}
        className={joinClasses(
          form === "tab"
            ? "flex flex-1 flex-col items-center justify-center gap-0.5 text-xs text-text-2"
            : "flex h-10 items-center gap-2.5 rounded-md px-2.5 text-left text-sm text-text-2 hover:bg-surface-3 hover:text-text-1",
        )}
      >
        <CircleUserRound size={form === "tab" ? 20 : 16} aria-hidden className="shrink-0" />
        {form === "tab" ? "You" : <span className={form === "icon" ? "sr-only" : "truncate"}>{name}</span>}
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content side="top" align="start" sideOffset={4} collisionPadding={8} className={menuPanelClasses}>
          <div className="px-2 py-1.5">
            <p className="truncate font-medium">{name}</p>
            <p className="truncate text-xs text-text-2">
              {session.email} · {session.role} of {session.company}
            </p>
          </div>
          <Item onSelect={() => void navigate({ to: "/profile" })}>
            <UserRoundCog size={14} aria-hidden className={iconClasses} />
            Profile and sessions
          </Item>
          <Companies />
          <DropdownMenu.Separator className="my-1 h-px bg-line" />
          <DropdownMenu.Label className="px-2 py-1 text-xs font-medium text-text-3">Theme</DropdownMenu.Label>
          <DropdownMenu.RadioGroup value={theme} onValueChange={(next) => setTheme(next as Theme)}>
            {themes.map((choice) => (
              <DropdownMenu.RadioItem key={choice.value} value={choice.value} className={menuItemClasses}>
                <MenuItemText isChosen={choice.value === theme} label={choice.label} />
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
          <DropdownMenu.Separator className="my-1 h-px bg-line" />
          <Item onSelect={() => signOut.mutate()}>
            <LogOut size={14} aria-hidden className={iconClasses} />
            Sign out
          </Item>
          <Item onSelect={() => signOutEverywhere.mutate()}>
            <LogOut size={14} aria-hidden className={iconClasses} />
            Sign out everywhere
          </Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

/**
 * Chosen by a press of its own. The panel grows when the companies come, and for a moment lies under the pointer that opened
 * it: letting go there must sign nobody out.
 */
function Item(props: Omit<ComponentProps<typeof DropdownMenu.Item>, "className" | "onPointerUp">) {
  return <DropdownMenu.Item {...props} className={menuItemClasses} onPointerUp={(event) => event.preventDefault()} />;
}

const iconClasses = "mt-[3px] shrink-0 text-text-3";

/** The others that the person belongs to, and the way to make one; read when the menu opens. */
function Companies() {
  const { data } = useQuery(myCompaniesQuery);
  const change = useSwitchCompany();
  const navigate = useNavigate();
  if (data === undefined || (data.companies.length < 2 && !data.canCreate)) return null;
  return (
    <>
      <DropdownMenu.Separator className="my-1 h-px bg-line" />
      <DropdownMenu.Label className="px-2 py-1 text-xs font-medium text-text-3">Companies</DropdownMenu.Label>
      {data.companies.length > 1 &&
        data.companies.map(({ id, name, subdomain, isCurrent }) => (
          <Item key={id} disabled={isCurrent} onSelect={() => change.mutate(subdomain)}>
            <Building2 size={14} aria-hidden className={iconClasses} />
            <span className="min-w-0 truncate" dir="auto">
              {name}
            </span>
            {isCurrent && <span className="ml-auto text-xs text-text-2">here</span>}
          </Item>
        ))}
      {data.canCreate && (
        <Item onSelect={() => void navigate({ to: "/welcome", search: { make: "company" } })}>
          <Plus size={14} aria-hidden className={iconClasses} />
          Make a company
        </Item>
      )}
    </>
  );
}
