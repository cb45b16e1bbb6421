import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";

interface BreadcrumbProps {
  /** From the top down: links of the page's router; the last is where one is, in plain text. */
  steps: readonly { id: string; content: ReactNode }[];
}

/** Where one is, and the way up. */
export function Breadcrumb({ steps }: BreadcrumbProps) {
  return (
    <nav aria-label="Breadcrumb" className="min-w-0">
      <ol className="flex min-w-0 flex-wrap items-center gap-1 text-xs text-text-2">
        {steps.map((step, index) => (
          <li
            key={step.id}
            aria-current={index === steps.length - 1 ? "page" : undefined}
            className="inline-flex max-w-60 min-w-0 items-center gap-1 [&_a:hover]:text-accent [&_a:hover]:underline"
          >
            {index > 0 && <ChevronRight size={12} aria-hidden className="shrink-0 text-text-3" />}
            <span className="truncate" dir="auto">
              {step.content}
            </span>
          </li>
        ))}
      </ol>
    </nav>
  );
}
