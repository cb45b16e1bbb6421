import { Button } from "@finops/ui/primitives/button";
import { Notice } from "@finops/ui/states/notice";
import { Link, type ErrorComponentProps } from "@tanstack/react-router";

export function MissingPage() {
  return (
    <main id="content" tabIndex={-1} className="mx-auto w-full max-w-xl p-6">
      <h1 className="text-xl font-semibold">There is no such page</h1>
      <p className="mt-2 text-text-2">
        The address may be from another version.{" "}
        <Link to="/" className="text-accent underline">
          Go to the overview
        </Link>
        .
      </p>
    </main>
  );
}

/** A defect of ours: the rest of the page stays, and nothing that is in the URL is lost. */
export function CrashPage({ error, reset }: ErrorComponentProps) {
  return (
    <main id="content" tabIndex={-1} className="mx-auto w-full max-w-xl p-6">
      <h1 className="sr-only">Something went wrong</h1>
      <Notice tone="error" title="This page failed to draw." action={<Button onClick={reset}>Try again</Button>}>
        {error instanceof Error ? error.message : "Something that is no error was thrown."}
      </Notice>
    </main>
  );
}
