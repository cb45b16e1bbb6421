/** What a delivery lacks when it has the one export and not the other. */
export const notesOfOneRole: Readonly<Record<string, readonly string[]>> = {
  actual: [
    "Only the actual cost export was given. Usage under reservations and savings plans has no effective cost, and their unused hours are missing: import the amortized cost export of the same period with it.",
  ],
  amortized: [
    "Only the amortized cost export was given. Usage under reservations and savings plans is billed 0, and their purchases and refunds are missing from billed cost: import the actual cost export of the same period with it.",
  ],
  "": [
    "The file does not show whether it is the actual or the amortized cost export. Without reservations and savings plans both are the same; with them, import both exports of the period together.",
  ],
};
