/**
 * For `accessibility` of dnd-kit: the page tells itself where a part stands now. The library would tell only that something
 * is over something.
 */
export const silentDrag = {
  announcements: {
    onDragStart: () => undefined,
    onDragOver: () => undefined,
    onDragEnd: () => undefined,
    onDragCancel: () => undefined,
  },
  screenReaderInstructions: { draggable: "" },
};
