import type { ReactNode } from "react";
import { Button } from "../primitives/button.tsx";
import { Notice } from "./notice.tsx";

/** What a data hook gives: the shape of a query, whoever makes it. */
export interface Loadable<T> {
  data: T | undefined;
  error: Error | null;
  isFetching: boolean;
  refetch: () => unknown;
}

interface AsyncProps<T> {
  of: Loadable<T>;
  /** What could not be shown, for the error's title: "The trend". */
  name: string;
  /** The true shape of what comes; shown only when it takes longer than 300 ms. */
  skeleton: ReactNode;
  isEmpty?: (data: T) => boolean;
  empty?: ReactNode;
  children: (data: T) => ReactNode;
}

/** Loading, empty, failed and there: every screen has all four, because they live here. */
export function Async<T>({ of, name, skeleton, isEmpty, empty, children }: AsyncProps<T>) {
  // Data that is there stays in sight when a refresh fails.
  if (of.data !== undefined) return isEmpty?.(of.data) === true ? empty : children(of.data);
  if (of.error !== null && !of.isFetching) return <Failed name={name} error={of.error} onRetry={() => of.refetch()} />;
  return (
    <div className="appear-late" aria-busy>
      <span className="sr-only" role="status">
        Loading {name.toLowerCase()}
      </span>
      {skeleton}
    </div>
  );
}

function Failed({ name, error, onRetry }: { name: string; error: Error; onRetry: () => void }) {
  const requestId = "requestId" in error && typeof error.requestId === "string" ? error.requestId : null;
  return (
    <div className="p-4">
      <Notice
        tone="error"
        title={`${name} could not be loaded.`}
        requestId={requestId}
        action={<Button onClick={onRetry}>Try again</Button>}
      >
        {error.message}
      </Notice>
    </div>
  );
}
