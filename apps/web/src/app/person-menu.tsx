import { MenuItemText, menuItemClasses, menuPanelClasses } from "@finops/ui/primitives/menu-style";
import { joinClasses } from "@finops/ui/text/join-classes";
import { CircleUserRound, LogOut } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { useSignOut } from "../features/session/use-sign-out.ts";
import { type Theme, usePreferences } from "../lib/preferences.ts";
import type { RailProps } from "./rail.tsx";

const themes: { value: Theme; label: string }[] = [
  { value: "system", label: "As the system" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
];

/** Who is signed in, the theme, and the way out. */
export function PersonMenu({ session, form }: Pick<RailProps, "session"> & { form: "row" | "icon" | "tab" }) {
  const { theme, setTheme } = usePreferences();
  const signOut = useSignOut();
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
          <DropdownMenu.Item onSelect={() => signOut.mutate()} className={menuItemClasses}>
            <LogOut size={14} aria-hidden className="mt-[3px] shrink-0 text-text-3" />
            Sign out
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
