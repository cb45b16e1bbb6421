/** Puts text on the clipboard. Where the browser keeps its clipboard from plain http, the old way still works. */
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard !== undefined) return navigator.clipboard.writeText(text);
  const write = (event: ClipboardEvent) => {
    event.clipboardData?.setData("text/plain", text);
    event.preventDefault();
  };
  document.addEventListener("copy", write, { once: true, capture: true });
  document.execCommand("copy");
  document.removeEventListener("copy", write, { capture: true });
}
