// `enks demo` as a user runs it, on a small folder of archives: exit codes, the report file, the trees left behind.

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { renderSummary } from "../../src/cli/demo/render-report.ts";
import type { KeyBatch } from "../../src/core/key-batch.ts";
import { PHONE_KINDS } from "../../src/device/kinds.ts";
import type { DemoReport } from "../../src/simulation/demo/demo-types.ts";
import { cutOff, keysWith, writeArchiveFolder } from "../support/archive-folder.ts";
import { longTest, sampled } from "../support/test-size.ts";

const NOW = "2026-11-23T06:00:00Z";
const START = Date.parse("2026-11-22T20:00:00Z") / 1_000;
const MAIN = join(import.meta.dirname, "..", "..", "src", "cli", "main.ts");
/** A process that lives for seconds gains nothing from optimising its databases' code. */
const PROGRAM = ["--liftoff-only", MAIN];

let root: string;
let archives: string;
let names: [string, string];
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "enks-demo-command-"));
  archives = join(root, "of another server");
  const content = { end: START + 14_400, primaries: youngKeys(150) };
  const trustedKey = await writeArchiveFolder(archives, [
    { line: "v1/good.zip", ...content },
    { line: "v1/cut.zip", ...content, harm: cutOff },
  ]);
  await writeFile(join(root, "key.pem"), trustedKey.publicKey.pem);
  names = [trustedKey.keyId, trustedKey.keyVersion];
});
afterAll(() => rm(root, { recursive: true, force: true }));

function youngKeys(count: number): KeyBatch {
  const today = Math.floor(START / 86_400) * 144;
  return keysWith(count, (index) => ({ rollingStart: today - 144 * (1 + (index % 10)), rollingPeriod: 144 }));
}

interface Called {
  readonly code: number;
  readonly stdout: string;
  readonly output: string;
}

/** In `root`; with no other environment than `environment`. */
function demo(more: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Called> {
  const input = ["--archives", archives, "--trusted-key", join(root, "key.pem"), "--region", "XX", "--now", NOW];
  const args = [...PROGRAM, "demo", ...input, "--key-id", names[0], "--key-version", names[1], ...more];
  return new Promise((resolve) => {
    const options = { cwd: root, env: environment, timeout: 600_000 };
    execFile(process.execPath, args, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
      resolve({ code, output: stdout + stderr, stdout });
    });
  });
}

test("ends with 0, names the refused archive, and leaves report and trees behind", async () => {
  const report = join(root, "report.json");
  const keep = join(root, "kept trees");
  // Paths as people write them: from where they are, by a detour, with a space, with a slash behind it.
  const folder = `./${basename(archives)}/../${basename(archives)}/`;
  const paths = [
    "--archives",
    folder,
    "--trusted-key",
    "./key.pem",
    "--report",
    "report.json",
    "--keep",
    "./kept trees/",
  ];
  const { code, output } = await demo([...paths, "--details"], { LANG: "C.UTF-8" });
  expect(output).toContain("✓");
  expect(output.split("\n").filter((line) => line.length > 80)).toEqual([]);
  expect(output).toContain("v1/cut.zip");
  expect(output).toContain("archive_zip_damaged");
  expect(code).toBe(0);
  const written: DemoReport = JSON.parse(await readFile(report, "utf8"));
  expect(written).toMatchObject({ demo: "archives", good: true, startsAt: NOW });
  expect(written.kinds).toHaveLength(PHONE_KINDS.length);
  for (const { kind } of written.kinds) expect(output).toContain(kind.replace(/^(android|ios)-/, ""));
  expect(written.phones.every(({ expected, lost }) => expected === 150 && lost === 0)).toBe(true);
  // It came after the archives, so that it takes none of them; that is said, and is no loss.
  expect(written.phones.filter(({ lacking }) => lacking > 0)).toMatchObject([{ kind: "android-nl", lacking: 150 }]);
  expect(output).toContain("android-nl takes nothing of what was listed before it was installed");
  expect((await readdir(keep)).sort((a, b) => a.localeCompare(b))).toEqual(["national", "state-client"]);
  const listed = (await readFile(join(keep, "state-client", "index.txt"), "utf8")).split("\n");
  expect(await readdir(join(keep, "state-client"))).toEqual(expect.arrayContaining(listed));
}, 600_000);

longTest(
  "ends with 1 where a part is switched off, and names what is lost; with --json the report is all there is",
  async () => {
    const { code, output, stdout } = await demo(["--switch-off", "mirror", "--json"], { LANG: "C" });
    const report: DemoReport = JSON.parse(stdout);
    expect(renderSummary(report, { width: 80, isDetailed: false })).toMatch(/lost [0-9a-f]{32}/);
    // The scene is told beside it.
    expect(output.length).toBeGreaterThan(stdout.length);
    expect(output).toMatch(/^\p{ASCII}*$/u);
    expect(code).toBe(1);
  },
);

test.each([
  { flag: ["--seed", "many"], told: "--seed" },
  { flag: ["--switch-off", "nothing"], told: "--switch-off" },
  { flag: ["--now", "yesterday"], told: "--now" },
  { flag: ["--report", "nowhere/report.json"], told: "--report" },
  { flag: ["--report", "."], told: "--report" },
  { flag: ["--keep", "key.pem"], told: "--keep" },
])("ends with 2 for $flag", async ({ flag, told }) => {
  const { code, output } = await demo(flag);
  expect(output).toContain(told);
  expect(code).toBe(2);
});

test.each([
  { index: "<html>not found</html>", code: "archives_index_refused" },
  { index: "\n", code: "archives_folder_unusable" },
])(
  "ends with 1 and $code for the index $index",
  async ({ index, code: expected }) => {
    const folder = await mkdtemp(join(root, "nonsense-"));
    await writeFile(join(folder, "index.txt"), index);
    const { code, output } = await demo(["--archives", folder]);
    expect(output).toContain(expected);
    expect(code).toBe(1);
  },
  600_000,
);

describe("a demo that is ended by a signal", () => {
  const signals = [
    { signal: "SIGINT", code: 130 },
    { signal: "SIGTERM", code: 143 },
    { signal: "SIGHUP", code: 129 },
    { signal: "SIGKILL", code: null },
  ] as const;
  test.each(sampled(signals, 3))(
    "$signal leaves nothing behind",
    async ({ signal, code }) => {
      const temporary = await mkdtemp(join(root, "temporary-"));
      const child = spawn(process.execPath, [...PROGRAM, "demo"], { cwd: root, env: { TMPDIR: temporary } });
      const gone = once(child, "exit");
      // It has said what it is about, and its servers are at work.
      for await (const chunk of child.stdout) if (String(chunk).includes("first archive")) break;
      child.kill(signal);
      expect(await gone).toEqual(code === null ? [null, signal] : [code, null]);
      expect(await readdir(temporary)).toEqual([]);
    },
    600_000,
  );
});
