// Where the forge and anvil of npm are. Their packages hold one binary for each platform, and nothing is installed by scripts.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

export function binary(name) {
  const platform = process.platform === "win32" ? "win32" : process.platform;
  const architecture = process.arch === "x64" ? "amd64" : process.arch;
  const suffix = process.platform === "win32" ? ".exe" : "";
  const path = join(root, "node_modules", "@foundry-rs", `${name}-${platform}-${architecture}`, "bin", name + suffix);
  if (existsSync(path)) return path;
  console.error(`${name} is missing: run "npm ci --ignore-scripts" in contracts/ (looked for ${path}).`);
  process.exit(1);
}

/** Runs forge in contracts/ and gives its result; its output goes where `stdio` says. */
export function forge(args, stdio = "inherit") {
  return spawnSync(binary("forge"), args, {
    cwd: root,
    stdio: ["ignore", stdio, stdio],
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exit(forge(process.argv.slice(2)).status ?? 1);
