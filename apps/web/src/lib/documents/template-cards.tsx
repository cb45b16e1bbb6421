import { Plus } from "lucide-react";
import type { ReactNode } from "react";

interface Template {
  key: string;
  name: string;
  about: string;
}

interface TemplateCardsProps<T extends Template> {
  templates: readonly T[];
  /** What it looks like, in a small picture. */
  picture: (template: T) => ReactNode;
  emptyName: string;
  isBusy: boolean;
  /** Null: empty. */
  onChoose: (key: string | null) => void;
}

/** A ready start for each kind of reader, with what it answers. */
export function TemplateCards<T extends Template>(props: TemplateCardsProps<T>) {
  const { templates, picture, emptyName, isBusy, onChoose } = props;
  const cardClasses =
    "flex w-full min-w-0 flex-col rounded-lg border border-line bg-surface-1 p-3 text-left enabled:hover:border-line-strong enabled:hover:bg-surface-2 disabled:opacity-60";
  return (
    <ul className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,216px),1fr))] gap-3">
      {templates.map((template) => (
        <li key={template.key} className="flex">
          <button type="button" disabled={isBusy} onClick={() => onChoose(template.key)} className={cardClasses}>
            <span aria-hidden className="mb-3 block h-24 w-full rounded-md bg-surface-2 p-2">
              {picture(template)}
            </span>
            <span className="text-base font-semibold">{template.name}</span>
            <span className="mt-0.5 text-sm text-text-2">{template.about}</span>
          </button>
        </li>
      ))}
      <li className="flex">
        <button type="button" disabled={isBusy} onClick={() => onChoose(null)} className={cardClasses}>
          <span
            aria-hidden
            className="mb-3 grid h-24 w-full place-items-center rounded-md border border-dashed border-line-strong text-text-3"
          >
            <Plus size={20} />
          </span>
          <span className="text-base font-semibold">{emptyName}</span>
          <span className="mt-0.5 text-sm text-text-2">Start with nothing and add what you need.</span>
        </button>
      </li>
    </ul>
  );
}
