// The example of docs/integrate/client-library.md, run as it stands there against servers of the test.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildSample, makeSigner } from "../support/sample-archives.ts";
import { type SourceServer, startSourceServer } from "../support/source-server.ts";
import { startUploadServer, type UploadServer } from "../support/upload-server.ts";

const root = join(import.meta.dirname, "..", "..");
const folder = mkdtempSync(join(tmpdir(), "enks-client-"));
const signer = makeSigner("310", "v1");

let keyServer: UploadServer;
let downloads: SourceServer;
beforeAll(async () => {
  keyServer = await startUploadServer();
  downloads = await startSourceServer();
  downloads.put("/xx/1.zip", { body: await buildSample([signer]) });
  downloads.put("/xx/2.zip", { body: "no archive" });
  downloads.put("/xx/index.txt", { body: "xx/1.zip\nxx/2.zip" });
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(join(folder, "server.pem"), signer.pem);
  writeFileSync(
    join(folder, "example.ts"),
    exampleOf(readFileSync(join(root, "docs", "integrate", "client-library.md"), "utf8")),
  );
});
afterAll(async () => {
  await keyServer.close();
  await downloads.close();
  rmSync(folder, { recursive: true });
});

/** The only block of TypeScript, with the servers of the test in place of those that it names. */
function exampleOf(document: string): string {
  const blocks = [...document.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, block = ""]) => block);
  expect(blocks).toHaveLength(1);
  return (blocks[0] ?? "")
    .replaceAll('"enks/client"', JSON.stringify(join(root, "src", "client", "client.ts")))
    .replaceAll("https://keys.example.org", keyServer.url)
    .replaceAll("https://verify.example.org", keyServer.url)
    .replaceAll("https://download.example.org", downloads.url);
}

const runExample = () => run(process.execPath, ["example.ts"]);

async function run(command: string, args: readonly string[]) {
  const child = spawn(command, args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
  return { code: child.exitCode, out, err };
}

test("the example has no errors of type", async () => {
  const compilerOptions = { typeRoots: [join(root, "node_modules", "@types")], noUnusedLocals: false };
  const project = { extends: join(root, "tsconfig.json"), compilerOptions, include: ["example.ts"] };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(project));
  expect(await run(join(root, "node_modules", ".bin", "tsc"), ["-p", folder])).toEqual({ code: 0, out: "", err: "" });
});

test("the example uploads, sends chaff and follows, and after a restart goes on", async () => {
  expect(await runExample()).toEqual({
    code: 0,
    out: "2 keys stored\nxx/1.zip: 4 keys, 2 revised\n",
    err: "xx/2.zip: archive_not_zip\n",
  });
  expect(keyServer.uploads.map(({ faults }) => faults)).toEqual([[]]);
  expect(keyServer.chaff).toHaveLength(1);

  downloads.put("/xx/2.zip", { body: await buildSample([signer]) });
  expect(await runExample()).toEqual({
    code: 0,
    out: "2 keys stored\nxx/2.zip: 4 keys, 2 revised\n",
    err: "",
  });
  expect(downloads.requests.filter((path) => path === "/xx/1.zip")).toHaveLength(1);
});
