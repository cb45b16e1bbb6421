import { expect, it } from "vitest";
import { mapInSlices } from "./map-in-slices.ts";

it("changes everything in its order, and lets others have turns meanwhile", async () => {
  let turns = 0;
  const timer = setInterval(() => (turns += 1), 0);
  const changed = await mapInSlices(
    Array.from({ length: 5001 }, (_, index) => index),
    (index) => index * 2,
  );
  clearInterval(timer);
  expect(changed).toEqual(Array.from({ length: 5001 }, (_, index) => index * 2));
  expect(turns).toBeGreaterThan(2);
  expect(await mapInSlices([], () => 1)).toEqual([]);
});
