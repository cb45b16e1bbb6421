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
  const isOldPage = error instanceof Error && /dynamically imported module|module script/i.test(error.message);
  return (
    <main id="content" tabIndex={-1} className="mx-auto w-full max-w-xl p-6">
      <h1 className="sr-only">Something went wrong</h1>
      <Notice
        tone="error"
        title={isOldPage ? "There is a newer version of this page." : "This page failed to draw."}
        requestId={isOldPage ? null : defectId(error)}
        action={
          <Button onClick={isOldPage ? () => location.reload() : reset}>{isOldPage ? "Load it" : "Try again"}</Button>
        }
      >
        {isOldPage
          ? "A part of it could not be loaded. Loading the page again brings it; the address keeps what you see."
          : `${error instanceof Error ? error.message : "Something that is no error was thrown."} Quote the id when you report it.`}
      </Notice>
    </main>
  );
}

/** The same defect has the same id, wherever it happens: two people who quote it mean the same one. */
function defectId(error: unknown): string {
  const text =
    error instanceof Error ? `${error.name} ${error.message} ${error.stack?.split("\n")[1] ?? ""}` : String(error);
  let value = 2_166_136_261;
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 16_777_619) >>> 0;
  return `page-${value.toString(16).padStart(8, "0")}`;
}
