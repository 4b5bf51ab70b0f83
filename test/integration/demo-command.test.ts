// `enks demo` as a user runs it, on a small folder of archives: exit codes, the report file, the trees left behind.

import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildArchive } from "../../src/archive/build-archive.ts";
import { nodeArchiveTools } from "../../src/archive/node-tools.ts";
import { KeyBatch } from "../../src/core/key-batch.ts";
import { PHONE_KINDS } from "../../src/device/kinds.ts";
import type { DemoReport } from "../../src/simulation/demo/demo-types.ts";
import { makeSigner, sampleKeys } from "../support/sample-archives.ts";

const NOW = "2026-11-23T06:00:00Z";
const START = Date.parse("2026-11-22T20:00:00Z") / 1_000;
const MAIN = join(import.meta.dirname, "..", "..", "src", "cli", "main.ts");

let root: string;
let archives: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "enks-demo-command-"));
  archives = join(root, "archives");
  await mkdir(join(archives, "v1"), { recursive: true });
  const { signer, trustedKey } = makeSigner();
  const primaries = youngKeys(150);
  const window = { start: START, end: START + 14_400, region: "XX", primaries, revised: KeyBatch.empty };
  const { bytes } = await buildArchive({ ...window, signers: [signer] }, nodeArchiveTools);
  await writeFile(join(archives, "v1", "good.zip"), bytes);
  await writeFile(join(archives, "v1", "cut.zip"), bytes.subarray(0, 400));
  await writeFile(join(archives, "index.txt"), "v1/good.zip\r\nv1/cut.zip\r\n");
  await writeFile(join(root, "key.pem"), trustedKey.publicKey.pem);
  names = [trustedKey.keyId, trustedKey.keyVersion];
});
afterAll(() => rm(root, { recursive: true, force: true }));
let names: [string, string];

function youngKeys(count: number): KeyBatch {
  const today = Math.floor(START / 86_400) * 144;
  return KeyBatch.from(
    [...sampleKeys(count)].map((key, index) => ({
      ...key,
      rollingStart: today - 144 * (1 + (index % 10)),
      rollingPeriod: 144,
    })),
  );
}

function demo(...more: string[]): Promise<{ code: number; output: string }> {
  const input = ["--archives", archives, "--trusted-key", join(root, "key.pem"), "--region", "XX", "--now", NOW];
  const args = [MAIN, "demo", ...input, "--key-id", names[0], "--key-version", names[1], ...more];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { timeout: 180_000 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
      resolve({ code, output: stdout + stderr });
    });
  });
}

test("ends with 0, names the refused archive, and leaves report and trees behind", async () => {
  const report = join(root, "report.json");
  const keep = join(root, "keep");
  const { code, output } = await demo("--report", report, "--keep", keep);
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
}, 180_000);

test("ends with 1 where a part is switched off, and names what is lost", async () => {
  const { code, output } = await demo("--switch-off", "mirror");
  expect(output).toMatch(/lost [0-9a-f]{32}/);
  expect(code).toBe(1);
}, 180_000);

test.each([
  { flag: ["--seed", "many"], told: "--seed" },
  { flag: ["--switch-off", "nothing"], told: "--switch-off" },
  { flag: ["--now", "yesterday"], told: "--now" },
])("ends with 2 for $flag", async ({ flag, told }) => {
  const { code, output } = await demo(...flag);
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
    const { code, output } = await demo("--archives", folder);
    expect(output).toContain(expected);
    expect(code).toBe(1);
  },
  180_000,
);
