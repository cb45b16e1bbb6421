/** Text as it was typed: an empty line begins a new paragraph. */
export function Paragraphs({ text, empty }: { text: string; empty?: string }) {
  if (text.trim() === "") return empty === undefined ? null : <p className="text-text-3">{empty}</p>;
  return (
    <div className="max-w-3xl space-y-2" dir="auto">
      {text.split(/\n{2,}/).map((paragraph, index) => (
        <p key={index} className="break-words whitespace-pre-line">
          {paragraph}
        </p>
      ))}
    </div>
  );
}
