import { Button } from "@finops/ui/primitives/button";
import { Notice } from "@finops/ui/states/notice";

/** Over a document that is shown as a version left it. `parts`: what it is made of, such as tiles. */
export function OldVersionNotice({ version, parts, onBack }: { version: number; parts: string; onBack: () => void }) {
  return (
    <div className="mb-4">
      <Notice
        tone="info"
        title={`This is version ${version}, as it was left.`}
        action={<Button onClick={onBack}>Back to the newest</Button>}
      >
        Its {parts} are as they were; their figures are of now.
      </Notice>
    </div>
  );
}
