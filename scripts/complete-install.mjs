// Installs what npm left out although the project needs it here. Plain JavaScript for any Node from 20 on.
//
// npm decides by the Node that runs it and by what it believes of the system: 9.6.4 takes every Linux for one
// without glibc, and Node 20.0 is too old for packages that only the project's own Node runs.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const windows = process.platform === "win32";

/** Packages of package-lock.json in `root` that are for this platform and not there: name, version, path, integrity. */
function findMissing(root) {
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  const own = Object.entries(packages).filter(([, { optional, os, cpu, libc }]) => {
    return optional && os?.includes(process.platform) && cpu?.includes(process.arch) && isOwnLibc(libc);
  });
  return own.flatMap(([path, { version, integrity }]) => {
    if (existsSync(join(root, path, "package.json"))) return [];
    return [{ path, version, integrity, name: path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length) }];
  });
}

function isOwnLibc(libc) {
  if (libc === undefined) return true;
  return libc.includes(process.report.getReport().header.glibcVersionRuntime === undefined ? "musl" : "glibc");
}

/** Installs them; answers why it could not, or null. */
export function completeInstall(root) {
  const missing = findMissing(root);
  if (missing.length === 0) return null;
  const folder = mkdtempSync(join(tmpdir(), "enks-set-up-"));
  try {
    const specs = missing.map(({ name, version }) => `${name}@${version}`);
    const options = { cwd: folder, stdio: ["ignore", "ignore", 2], shell: windows };
    const packed = spawnSync("npm", ["pack", "--loglevel=error", ...specs], options);
    if (packed.status !== 0) return `\`npm pack ${specs.join(" ")}\` ended with an error`;
    for (const one of missing) {
      const why = unpack(one, folder, join(root, one.path));
      if (why !== null) return why;
    }
    return null;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function unpack({ name, version, integrity }, folder, destination) {
  const file = join(folder, `${name.replace("@", "").replace("/", "-")}-${version}.tgz`);
  const [algorithm, ...digest] = integrity.split("-");
  const found = createHash(algorithm).update(readFileSync(file)).digest("base64");
  if (found !== digest.join("-")) return `${name} is not the one that package-lock.json names`;
  mkdirSync(destination, { recursive: true });
  const unpacked = spawnSync("tar", ["-xzf", file, "-C", destination, "--strip-components=1"], { stdio: [0, 2, 2] });
  return unpacked.status === 0 ? null : `${name} could not be unpacked: ${unpacked.error?.message ?? "see above"}`;
}
