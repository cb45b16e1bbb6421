import { accessSync, constants, existsSync, mkdirSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname, resolve } from "node:path";
import { AppError } from "@finops/kernel/app-error";
import { checkIssuer } from "@finops/capabilities/sign-in/index";
import { systemClock } from "@finops/kernel/clock";
import { readRunningServer } from "@finops/platform/data-folder";
import { readSignInSetup } from "@finops/platform/identity/oidc/providers";
import { createOutsideFetch } from "@finops/platform/network/outside-fetch";
import { findPaths } from "@finops/server/paths";
import { readPublicUrl } from "@finops/server/public-url";
import { readTlsFiles } from "@finops/server/tls-files";
import { Command } from "commander";
import { globalsOf } from "../globals.ts";

interface Finding {
  what: string;
  ok: boolean;
  detail: string;
}

export function doctorCommand(): Command {
  return new Command("doctor")
    .description("Look for what would keep the platform from working here.")
    .option("--json", "one JSON object")
    .action(async ({ json }: { json?: boolean }, command: Command) => {
      const { data } = globalsOf(command);
      const findings = [
        checkNode(),
        checkFolder(data),
        await checkDisk(data),
        await checkPort(data, Number(process.env.PORT ?? 3000)),
        checkEngine(),
        checkWeb(),
        ...(await checkProviders()),
      ];
      if (json === true) process.stdout.write(`${JSON.stringify({ findings })}\n`);
      else
        for (const finding of findings)
          process.stdout.write(`${finding.ok ? "ok     " : "PROBLEM"} ${finding.what}: ${finding.detail}\n`);
      const problems = findings.filter((finding) => !finding.ok).map((finding) => finding.what);
      if (problems.length > 0)
        throw new AppError("precondition", `The platform cannot work here yet: ${problems.join(", ")}.`);
    });
}

function checkNode(): Finding {
  const [major, minor] = process.versions.node.split(".").map(Number) as [number, number];
  const ok = major > 20 || (major === 20 && minor >= 19);
  return {
    what: "Node",
    ok,
    detail: ok ? process.versions.node : `${process.versions.node} is too old. Install Node 20.19 or later.`,
  };
}

function checkFolder(data: string): Finding {
  const folder = resolve(data);
  try {
    const existing = existsSync(folder) ? folder : dirname(folder);
    mkdirSync(existing, { recursive: true });
    accessSync(existing, constants.W_OK);
    const server = readRunningServer(data);
    return {
      what: "Data folder",
      ok: true,
      detail: server === null ? folder : `${folder}, in use by the server at ${server.url}`,
    };
  } catch (error) {
    return {
      what: "Data folder",
      ok: false,
      detail: `${folder} cannot be written (${(error as Error).message}). Choose another one with FINOPS_DATA.`,
    };
  }
}

async function checkDisk(data: string): Promise<Finding> {
  const folder = existsSync(data) ? data : dirname(resolve(data));
  const { bavail, bsize } = await statfs(folder);
  const gigabytes = (bavail * bsize) / 1e9;
  return {
    what: "Disk",
    ok: gigabytes > 2,
    detail:
      gigabytes > 2 ? `${gigabytes.toFixed(0)} GB free` : `only ${gigabytes.toFixed(1)} GB free. The demo needs 2 GB.`,
  };
}

function checkPort(data: string, port: number): Promise<Finding> {
  if (readRunningServer(data) !== null)
    return Promise.resolve({ what: "Port", ok: true, detail: "the server answers" });
  return new Promise((done) => {
    const server = createServer();
    server.once("error", () =>
      done({ what: "Port", ok: false, detail: `${port} is in use. Choose another one with PORT=${port + 1}.` }),
    );
    server.listen(port, "127.0.0.1", () =>
      server.close(() => done({ what: "Port", ok: true, detail: `${port} is free` })),
    );
  });
}

function checkEngine(): Finding {
  const { engineProcess, migrations } = findPaths();
  const ok = existsSync(engineProcess) && existsSync(migrations);
  return {
    what: "Program",
    ok,
    detail: ok ? "engine and migrations are in place" : "files are missing. Run make start, which builds them.",
  };
}

function checkWeb(): Finding {
  const { web } = findPaths();
  return { what: "Web app", ok: web !== null, detail: web ?? "not built. Run make start, which builds it." };
}

/** What the installation offers people to sign in with. Providers of one company are tested in its settings. */
async function checkProviders(): Promise<Finding[]> {
  const signIn = readSignInSetup(process.env, createOutsideFetch);
  if (signIn.providers.length === 0)
    return [
      {
        what: "Sign-in",
        ok: true,
        detail:
          "by mail links, passkeys and what companies bring. docs/sign-in-google.md and docs/sign-in-entra.md add more",
      },
    ];
  const baseUrl = readPublicUrl(process.env, Number(process.env.PORT ?? 3000), readTlsFiles(process.env));
  const found = await Promise.all(
    signIn.providers.map(async (provider) => {
      const findings = await checkIssuer({ signIn, baseUrl, clock: systemClock }, provider);
      return findings.map(({ what, ...finding }) => ({ what: `${provider.name} ${what.toLowerCase()}`, ...finding }));
    }),
  );
  return found.flat();
}
