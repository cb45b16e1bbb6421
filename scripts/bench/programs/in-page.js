// Runs in every page that the web bench opens, before the page's own scripts: what can only be seen from inside.
(() => {
  const grid = () => document.querySelector("main [role=grid], main [role=treegrid]");
  const isBusy = () => document.querySelector("main [aria-busy=true]") !== null;
  /** Buttons of the table that narrow the page to their group; a click on the disabled ones says nothing. */
  const names = () => [...document.querySelectorAll("tbody button[title^='Show only']:enabled")];
  const texts = () =>
    [
      "[role=group][aria-label=Filters]",
      "[data-testid=sentence]",
      // Totals stand in the table's head, under the names of the columns.
      "main table thead tr:nth-child(2)",
    ].map((selector) => document.querySelector(selector)?.textContent);

  // Tasks of less than 50 ms are not long, and not told.
  const longTasks = [];
  new PerformanceObserver((list) => longTasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
    type: "longtask",
    buffered: true,
  });

  /** Looks at every frame until it holds; false when it does not in time. */
  const until = (holds, maxMs) =>
    new Promise((resolve) => {
      const startedAt = performance.now();
      const look = () => {
        if (holds()) resolve(true);
        else if (performance.now() - startedAt > maxMs) resolve(false);
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    });

  globalThis.bench = {
    titles: () => names().map((one) => one.title),
    untilSettled: (maxMs) => until(() => names().length > 0 && texts().every((one) => one) && !isBusy(), maxMs),

    // While there are more rows to come, the table says -1, which is how ARIA says that it is not known.
    untilAllRows: (maxMs) => until(() => Number(grid()?.ariaRowCount ?? -1) > 0 && !isBusy(), maxMs),
    rowCount: () => Number(grid().ariaRowCount) - 2,

    /** By script, since a pointer that rests on a name asks ahead, and the answer would not be a cold one. */
    async clickAndWait(title, maxMs) {
      const before = texts();
      const clickedAt = performance.now();
      names()
        .find((one) => one.title === title)
        .click();
      const drawn = () => !isBusy() && texts().every((text, index) => text && text !== before[index]);
      if (!(await until(drawn, maxMs))) return maxMs;
      // A message that is sent before a frame is drawn arrives after it.
      return new Promise((resolve) => {
        const { port1, port2 } = new MessageChannel();
        port1.addEventListener("message", () => resolve(performance.now() - clickedAt), { once: true });
        port1.start();
        port2.postMessage(null);
      });
    },

    takeLongestTask: () => Math.max(0, ...longTasks.splice(0)),

    /** Frames of so many milliseconds, the longest time between two, and how far the table was scrolled in them. */
    countFrames(forMs) {
      const scroller = grid().parentElement;
      const from = scroller.scrollTop;
      return new Promise((resolve) => {
        const times = [];
        const frame = (at) => {
          times.push(at);
          const ms = at - times[0];
          if (ms < forMs) requestAnimationFrame(frame);
          else resolve({ frames: times.length - 1, ms, scrolled: scroller.scrollTop - from });
        };
        requestAnimationFrame(frame);
      });
    },
  };
})();
