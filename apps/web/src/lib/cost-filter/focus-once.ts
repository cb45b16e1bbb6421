/** The field that one came for has the keyboard, whatever stands above it. */
export function focusOnce(field: HTMLInputElement | null): void {
  field?.focus();
}
