import { type AlertMessage, headline, listed } from "../../message.ts";

const colors = { info: "#1f5fa8", warning: "#8a5a00", critical: "#a3261f" } as const;

/** A mail that is readable on a phone and in a dark window, of elements that every mail program knows. No picture, no script. */
export function toHtml(message: AlertMessage): string {
  const { alerts, more } = listed(message);
  const color = message.what === "resolved" ? "#1d6b3a" : colors[message.severity];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>${escapeHtml(headline(message))}</title></head>
<body style="margin:0;padding:16px;font:15px/1.5 system-ui,sans-serif">
<div style="max-width:600px;margin:0 auto">
<h1 style="font-size:18px;line-height:1.4;border-left:4px solid ${color};padding-left:12px;margin:0 0 16px" dir="auto">${escapeHtml(headline(message))}</h1>
${alerts.map(({ message: told, url }) => `<p style="margin:0 0 12px" dir="auto">${escapeHtml(told)}<br><a href="${escapeHtml(url)}">Open</a></p>`).join("\n")}
${more > 0 ? `<p>And ${more} more.</p>` : ""}
<p style="font-size:12px;opacity:.75;margin:24px 0 0">${escapeHtml(message.company)}, severity ${message.severity}, ${escapeHtml(message.at)}. <a href="${escapeHtml(message.url)}">All alerts</a></p>
</div></body></html>
`;
}

function escapeHtml(text: string): string {
  const marks: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return text.replaceAll(/[&<>"']/g, (mark) => marks[mark]!);
}
