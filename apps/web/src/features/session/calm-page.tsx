import { type ReactNode, useEffect } from "react";

/** A page with one thing to do, before anything of the company is in sight. */
export function CalmPage({ title, children }: { title: string; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · FinOps`;
  }, [title]);
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col justify-center px-6 py-12">
      <img src="/icon.svg" alt="" className="size-10" />
      <h1 className="mt-6 mb-5 text-2xl font-semibold">{title}</h1>
      {children}
    </main>
  );
}
