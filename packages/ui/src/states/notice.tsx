import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { joinClasses } from "../text/join-classes.ts";

interface NoticeProps {
  tone: "error" | "warning" | "good" | "info";
  title: string;
  /** What to do about it. */
  children?: ReactNode;
  action?: ReactNode;
  /** To quote when asking for help. */
  requestId?: string | null | undefined;
}

const tones = {
  error: { icon: CircleAlert, box: "border-line bg-negative-soft", mark: "text-negative" },
  warning: { icon: TriangleAlert, box: "border-line bg-warning-soft", mark: "text-warning" },
  good: { icon: CircleCheck, box: "border-line bg-positive-soft", mark: "text-positive" },
  info: { icon: Info, box: "border-line bg-surface-2", mark: "text-text-2" },
};

/** Says what happened and what to do. */
export function Notice({ tone, title, children, action, requestId }: NoticeProps) {
  const { icon: Icon, box, mark } = tones[tone];
  return (
    <div
      role={tone === "error" ? "alert" : "status"}
      className={joinClasses("flex flex-wrap items-start gap-3 rounded-lg border p-3", box)}
    >
      <Icon size={16} aria-hidden className={joinClasses("mt-0.5 shrink-0", mark)} />
      <div className="min-w-0 flex-1 basis-60">
        <p className="font-medium break-words">{title}</p>
        {children !== undefined && <div className="text-sm break-words text-text-2">{children}</div>}
        {requestId != null && requestId !== "" && (
          <p className="mt-1 text-xs text-text-2">
            Request <code className="select-all">{requestId}</code>
          </p>
        )}
      </div>
      {action}
    </div>
  );
}
