import { Notice } from "@finops/ui/states/notice";
import { Link } from "@tanstack/react-router";
import { type Kind, kindWords } from "./document-queries.ts";

/** It is not there for this person: whether it is private to somebody is not told. */
export function MissingDocument({ kind }: { kind: Kind }) {
  const { one, many } = kindWords[kind];
  return (
    <Notice
      tone="warning"
      title={`There is no such ${one}.`}
      action={
        <Link to={`/${kind}`} className="font-medium text-accent hover:underline">
          {many}
        </Link>
      }
    >
      It was deleted, or it is not shared with you. Ask its owner to share it with the company or with your role.
    </Notice>
  );
}
