export { chartPng, drawChart } from "./chart-png.ts";
export { load, type Weight } from "./font-store.ts";
export { letter, type Letters } from "./lettering.ts";
export { outlinesOf } from "./outline.ts";
