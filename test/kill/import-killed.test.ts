// A process that really dies in the middle of an import, and another that finishes it.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { HOUR } from "../../src/core/clock.ts";
import type { KeyBatch } from "../../src/core/key-batch.ts";
import { readKeysOfOrigin } from "../../src/features/exposures/page-queries.ts";
import { openEmbeddedDatabase } from "../../src/platform/database/embedded/open-embedded-database.ts";
import { type ChildProgram, startProgram } from "../support/child-program.ts";
import { buildSample, keysOfPeople, makeSigner, SAMPLE_WINDOW } from "../support/sample-archives.ts";
import { type SourceServer, startSourceServer } from "../support/source-server.ts";
import { longTest } from "../support/test-size.ts";

const NOW = SAMPLE_WINDOW.end;
const signer = makeSigner();

describe("an import whose process is killed", () => {
  let folder: string;
  let server: SourceServer;
  let child: ChildProgram | undefined;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "import-killed-"));
    server = await startSourceServer();
  });
  afterEach(async () => {
    await child?.kill();
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const start = (now: number) => {
    child = startProgram("import-program.ts", [folder, server.url, String(now), signer.pem]);
    return child;
  };
  const publish = async (line: string, primaries: KeyBatch) => {
    const bytes = await buildSample([signer], { primaries, revised: primaries.slice(0, 0) });
    server.put(`/${line}`, { body: bytes });
    return bytes;
  };

  test("while it saves a large archive loses nothing and doubles nothing", async () => {
    const [small, large] = [keysOfPeople(50), keysOfPeople(2_000)];
    await publish("a.zip", small);
    await publish("b.zip", large);
    server.put("/index.txt", { body: "a.zip\nb.zip" });

    const first = start(NOW);
    expect(await commitUntil(first, `before commit ${small.length + large.length}`)).toContain(
      `before commit ${small.length}`,
    );
    await first.kill();
    expect(await storedKeys(folder)).toEqual(hexOf(small));

    const ended = (await commitUntil(start(NOW + HOUR))).at(-1);
    expect(ended).toBe(endedWith({ complete: 2, inserted: small.length + large.length }));
    expect(await storedKeys(folder)).toEqual(hexOf(small, large));
  });

  longTest("while it waits for an archive loses nothing", async () => {
    const [small, other] = [keysOfPeople(50), keysOfPeople(60)];
    await publish("a.zip", small);
    const body = await publish("b.zip", other);
    const never = Promise.withResolvers<void>();
    server.put("/b.zip", { body, after: never.promise });
    server.put("/index.txt", { body: "a.zip\nb.zip" });

    const asked = server.nextRequest("/b.zip");
    const first = start(NOW);
    const said = commitUntil(first);
    await asked;
    await first.kill();
    expect(await said).not.toContainEqual(expect.stringMatching(/^ended/));
    never.resolve();

    server.put("/b.zip", { body });
    const ended = (await commitUntil(start(NOW + HOUR))).at(-1);
    expect(ended).toBe(endedWith({ complete: 2, inserted: small.length + other.length }));
    expect(await storedKeys(folder)).toEqual(hexOf(small, other));
  });
});

/** Lets the program commit until it says `last`, by default until it is gone, and answers what it said. */
async function commitUntil(program: ChildProgram, last?: string): Promise<string[]> {
  const said: string[] = [];
  for (;;) {
    const { value, done } = await program.lines.next();
    if (done === true) return said;
    said.push(value);
    if (value === last) return said;
    if (value.startsWith("before commit")) program.process.stdin?.write("go on\n");
  }
}

function endedWith({ complete, inserted }: { complete: number; inserted: number }): string {
  const archives = { open: 0, leased: 0, retry: 0, complete, quarantined: 0, skipped: 0 };
  return `ended ${JSON.stringify({ archives, keys: { outcomes: { inserted }, refusals: {} } })}`;
}

async function storedKeys(folder: string): Promise<Set<string>> {
  const database = await openEmbeddedDatabase({ folder });
  try {
    return hexOf(await readKeysOfOrigin(database.db, ["import"], null, 1_000_000));
  } finally {
    await database.close();
  }
}

function hexOf(...batches: KeyBatch[]): Set<string> {
  return new Set(batches.flatMap((batch) => Array.from(batch, (_, index) => batch.keyHex(index))));
}
