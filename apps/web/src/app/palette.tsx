import type { CostAnswer, CostCatalog, CostQueryInput } from "@finops/capabilities/costs/contract";
import type { SavedView } from "@finops/capabilities/views/contract";
import { type Command, CommandPalette } from "@finops/ui/primitives/command-palette";
import { presetLabels, presetIds } from "@finops/ui/period/presets";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import {
  Bookmark,
  CalendarDays,
  CheckCheck,
  Keyboard,
  Layers,
  LogOut,
  Moon,
  PanelLeft,
  Search,
  Sun,
  SunMoon,
  Upload,
} from "lucide-react";
import { useMemo } from "react";
import { useSignOut } from "../lib/use-sign-out.ts";
import { request } from "../lib/api.ts";
import { dimensionLabel, shortLabels } from "../lib/cost-words.ts";
import { type Theme, usePreferences } from "../lib/preferences.ts";
import { type Session, useMay } from "../lib/session.ts";
import { placesFor } from "./places.ts";

interface PaletteProps {
  session: Session;
  isOpen: boolean;
  onClose: () => void;
  onHelp: () => void;
}

/** Every page, saved view, dimension, value and action by a few letters. */
export function Palette({ session, isOpen, onClose, onHelp }: PaletteProps) {
  const catalog = useCatalog();
  const pages = usePages(session);
  const views = useViews();
  const costs = useCostCommands(catalog);
  const actions = useActions(onHelp);
  const search = useValueSearch(catalog);
  const commands = useMemo(() => [...pages, ...views, ...actions, ...costs], [pages, views, actions, costs]);
  return (
    <CommandPalette
      isOpen={isOpen}
      onClose={onClose}
      commands={commands}
      {...(search === undefined ? {} : { search })}
      placeholder="Go to a page, find a service, account or tag, or do something"
    />
  );
}

function usePages(session: Session): Command[] {
  const navigate = useNavigate();
  return useMemo(
    () =>
      placesFor(session).map((place) => ({
        id: `page ${place.to}`,
        label: place.label,
        group: "Pages",
        about: place.about,
        icon: <place.icon size={16} aria-hidden />,
        keys: `g ${place.key}`,
        onRun: () => void navigate({ to: place.to }),
      })),
    [session, navigate],
  );
}

function useViews(): Command[] {
  const navigate = useNavigate();
  const { data } = useQuery({
    queryKey: ["views"],
    queryFn: async ({ signal }) => (await request<{ views: SavedView[] }>("/api/v1/views", { signal })).views,
    enabled: useMay("costs:read"),
  });
  return useMemo(
    () =>
      (data ?? []).map((view) => ({
        id: `view ${view.id}`,
        label: view.name,
        group: "Saved views",
        about: view.description,
        icon: <Bookmark size={16} aria-hidden />,
        onRun: () => void navigate({ to: "/explorer", search: { saved: view.id } }),
      })),
    [data, navigate],
  );
}

function useCatalog(): CostCatalog | undefined {
  const { data } = useQuery({
    queryKey: ["costs", "catalog"],
    queryFn: ({ signal }) => request<CostCatalog>("/api/v1/cost/catalog", { signal }),
    enabled: useMay("costs:read"),
  });
  return data?.available === null ? undefined : data;
}

/** By what the overview can be broken down, and over which time. */
function useCostCommands(catalog: CostCatalog | undefined): Command[] {
  const navigate = useNavigate();
  return useMemo(() => {
    if (catalog === undefined) return [];
    const dimensions = [...Object.keys(shortLabels), ...catalog.tagKeys.map((key) => `tag:${key}`)];
    return [
      ...presetIds.map((preset) => ({
        id: `period ${preset}`,
        label: `Period: ${presetLabels[preset].toLowerCase()}`,
        group: "Period",
        words: "time month days year",
        icon: <CalendarDays size={16} aria-hidden />,
        onRun: () =>
          void navigate({ to: "/", search: (old) => ({ ...old, preset, from: undefined, to: undefined }) as never }),
      })),
      ...dimensions.map((by) => ({
        id: `by ${by}`,
        label: `Costs by ${dimensionLabel(by, catalog).toLowerCase()}`,
        group: "Costs by",
        words: by,
        icon: <Layers size={16} aria-hidden />,
        onRun: () => void navigate({ to: "/", search: (old) => ({ ...old, by }) as never }),
      })),
    ];
  }, [catalog, navigate]);
}

function useActions(onHelp: () => void): Command[] {
  const navigate = useNavigate();
  const signOut = useSignOut();
  const { mutate } = signOut;
  const mayImport = useMay("imports:write");
  const { setTheme, toggleRail } = usePreferences();
  return useMemo(() => {
    const themes: { theme: Theme; label: string; Icon: typeof Sun }[] = [
      { theme: "light", label: "Light theme", Icon: Sun },
      { theme: "dark", label: "Dark theme", Icon: Moon },
      { theme: "system", label: "Theme of the system", Icon: SunMoon },
    ];
    const group = "Do";
    return [
      {
        id: "approvals",
        label: "See the changes that wait for approval",
        group,
        words: "approvals requests policies",
        icon: <CheckCheck size={16} aria-hidden />,
        onRun: () => void navigate({ to: "/settings/approvals" }),
      },
      ...(mayImport
        ? [
            {
              id: "import",
              label: "Import a bill",
              group,
              words: "upload add file",
              icon: <Upload size={16} aria-hidden />,
              onRun: () => void navigate({ to: "/bills" }),
            },
          ]
        : []),
      ...themes.map(({ theme, label, Icon }) => ({
        id: `theme ${theme}`,
        label,
        group,
        words: "appearance mode colours",
        icon: <Icon size={16} aria-hidden />,
        onRun: () => setTheme(theme),
      })),
      {
        id: "rail",
        label: "Narrow or widen the rail",
        group,
        keys: "[",
        icon: <PanelLeft size={16} aria-hidden />,
        onRun: toggleRail,
      },
      {
        id: "keyboard",
        label: "Keyboard shortcuts",
        group,
        keys: "?",
        icon: <Keyboard size={16} aria-hidden />,
        onRun: onHelp,
      },
      {
        id: "sign-out",
        label: "Sign out",
        group,
        words: "leave log out",
        icon: <LogOut size={16} aria-hidden />,
        onRun: () => mutate(),
      },
    ];
  }, [mayImport, navigate, setTheme, toggleRail, onHelp, mutate]);
}

const searched = ["serviceName", "subAccountName", "regionId"];
const foundMax = 5;
const textMin = 2;

/** Services, accounts, regions and values of the first tag that have the text in their name, dearest first. */
function useValueSearch(catalog: CostCatalog | undefined) {
  const navigate = useNavigate();
  return useMemo(() => {
    if (catalog?.available == null) return undefined;
    const period = catalog.available;
    const dimensions = [...searched, ...catalog.tagKeys.slice(0, 2).map((key) => `tag:${key}`)];
    return async (text: string, signal: AbortSignal): Promise<Command[]> => {
      if (text.trim().length < textMin) return [];
      const found = await Promise.all(
        dimensions.map(async (dimension) =>
          (await findValues(dimension, text.trim(), period, signal)).map((value) => ({ dimension, value })),
        ),
      );
      return found.flat().map(({ dimension, value }) => ({
        id: `value ${dimension} ${value}`,
        label: value,
        group: dimension === "subAccountName" ? "Accounts" : `${dimensionLabel(dimension, catalog)} values`,
        icon: <Search size={16} aria-hidden />,
        onRun: () => void navigate({ to: "/", search: (old) => ({ ...old, where: [[dimension, value]] }) as never }),
      }));
    };
  }, [catalog, navigate]);
}

async function findValues(
  dimension: string,
  contains: string,
  period: { start: string; end: string },
  signal: AbortSignal,
): Promise<string[]> {
  const body: CostQueryInput = {
    measures: ["effectiveCost"],
    groupBy: [dimension],
    filter: { dimension, contains },
    period,
    limit: foundMax,
  };
  const answer = await request<CostAnswer>("/api/v1/cost/query", { method: "POST", body, signal });
  return [...new Set(answer.rows.flatMap((row) => row.key[dimension] ?? []))];
}
