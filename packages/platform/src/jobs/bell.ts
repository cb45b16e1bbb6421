export interface Bell {
  ring(): void;
  wait(timeoutMs: number): Promise<void>;
}

/** Somebody rings; one waits. A ring while nobody waits is kept for the next wait. */
export function createBell(): Bell {
  let isRung = false;
  let wake: (() => void) | null = null;
  return {
    ring() {
      isRung = true;
      wake?.();
    },
    async wait(timeoutMs) {
      let timer: NodeJS.Timeout | undefined;
      if (!isRung) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          timer = setTimeout(resolve, timeoutMs);
        });
      }
      clearTimeout(timer);
      wake = null;
      isRung = false;
    },
  };
}
