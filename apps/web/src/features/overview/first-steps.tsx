import { Link } from "@tanstack/react-router";
import { Building2, CloudDownload, Upload } from "lucide-react";
import type { ReactNode } from "react";

/** No bill yet: three ways on, each of which ends at the first chart. */
export function FirstSteps() {
  return (
    <div className="mx-auto max-w-4xl py-10">
      <h2 className="text-2xl font-semibold">No bill has come in yet</h2>
      <p className="mt-2 max-w-2xl text-text-2">
        Give it one and this page shows what was spent, on what and by whom. An import that runs right now appears here
        by itself.
      </p>
      <ul className="mt-8 grid gap-4 md:grid-cols-3">
        <Way
          icon={<Upload size={20} aria-hidden />}
          title="Drop a bill"
          about="A cost export of AWS, Azure, Google Cloud or Oracle Cloud, a FOCUS file, or a CSV. It stays on this machine."
        >
          <Link
            to="/bills"
            className="inline-flex h-8 items-center rounded-md bg-accent px-3 text-sm font-medium text-on-accent hover:opacity-90"
          >
            Import a bill
          </Link>
        </Way>
        <Way
          icon={<Building2 size={20} aria-hidden />}
          title="Look at a demo"
          about="The costs of an invented company, to look around before yours are here."
        >
          <Link
            to="/welcome"
            className="inline-flex h-8 items-center rounded-md border border-line-strong px-3 text-sm font-medium hover:bg-surface-2"
          >
            Get started step by step
          </Link>
        </Way>
        <Way
          icon={<CloudDownload size={20} aria-hidden />}
          title="Bring your cloud's exports"
          about="Point it at the folder that your cloud exports to, as often as you like; what is known already is skipped:"
        >
          <Command text="pnpm -s finops import PATH" />
        </Way>
      </ul>
    </div>
  );
}

function Way({ icon, title, about, children }: { icon: ReactNode; title: string; about: string; children: ReactNode }) {
  return (
    <li className="flex flex-col rounded-lg border border-line bg-surface-1 p-5">
      <span className="text-accent">{icon}</span>
      <h3 className="mt-3 text-lg font-semibold">{title}</h3>
      <p className="mt-1 flex-1 text-sm text-text-2">{about}</p>
      <div className="mt-4">{children}</div>
    </li>
  );
}

function Command({ text }: { text: string }) {
  return (
    <code className="block overflow-x-auto rounded-md bg-surface-2 px-3 py-1.5 text-xs whitespace-nowrap select-all">
      {text}
    </code>
  );
}
