// `pnpm dev`: the server from its sources, restarted on change, and Vite's server for the web in front of it.
import { type ChildProcess, spawn } from "node:child_process";

const port = process.env["PORT"] ?? "3000";
const children: ChildProcess[] = [
  start("tsx", ["watch", "--clear-screen=false", "apps/server/src/main.ts"], process.cwd()),
  start("vite", [], "apps/web"),
];
for (const child of children) child.on("exit", stopAll);
process.on("SIGINT", stopAll);
process.on("SIGTERM", stopAll);

function start(program: string, args: string[], cwd: string): ChildProcess {
  const path = `${process.cwd()}/node_modules/.bin:${process.cwd()}/apps/web/node_modules/.bin:${process.env["PATH"] ?? ""}`;
  const env = { ...process.env, PATH: path, PORT: port, UV_THREADPOOL_SIZE: process.env["UV_THREADPOOL_SIZE"] ?? "24" };
  return spawn(program, args, { cwd, env, stdio: "inherit" });
}

function stopAll(): void {
  for (const child of children) child.kill("SIGTERM");
}
