// The tour of docs/migrate/two-terminals.md, command by command: a migration to the end, with real processes and real time.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { TrustedKey } from "../../src/archive/archive-types.ts";
import { nodeArchiveTools } from "../../src/archive/node-tools.ts";
import { openArchive } from "../../src/archive/open-archive.ts";
import { parsePublicKey } from "../../src/archive/parse-public-key.ts";
import {
  blocksOf,
  offerEnks,
  openTerminal,
  portsOf,
  type Terminal,
  withPorts,
} from "../support/documented-terminals.ts";
import { PATIENCE } from "../support/patience.ts";

const folder = mkdtempSync(join(tmpdir(), "enks-terminals-"));
const KEYS_A_PERSON = 13;
const [STATE, NATION] = [200 * KEYS_A_PERSON, 100 * KEYS_A_PERSON];
const LATER = 50 * KEYS_A_PERSON;
/** Commands cost more to ask than servers. */
const SELDOM = { ...PATIENCE, interval: 2_000 };

function trusted(file: string, keyId: string, keyVersion: string): TrustedKey {
  const publicKey = parsePublicKey(readFileSync(join(folder, ".enks", file), "utf8"), nodeArchiveTools);
  return { keyId, keyVersion, publicKey, from: 0, until: null };
}

interface SeenTree {
  readonly lines: readonly string[];
  /** Every primary key in hex, as often as it is delivered. */
  readonly primaries: readonly string[];
}

/** As a phone reads it: the index, then every archive, each under a key that it trusts. */
async function readTree(url: string, trustedKeys: readonly TrustedKey[]): Promise<SeenTree> {
  const index = await fetch(`${url}/index.txt`);
  if (!index.ok) throw new Error(`no index: ${index.status}`);
  const lines = (await index.text()).split("\n");
  const primaries: string[] = [];
  for (const line of lines) {
    const answer = await fetch(`${url}/${line}`);
    const bytes = new Uint8Array(await answer.arrayBuffer());
    const archive = await openArchive(bytes, { trustedKeys, now: 0 }, nodeArchiveTools);
    for (let at = 0; at < archive.primaries.length; at++) primaries.push(archive.primaries.keyHex(at));
  }
  return { lines, primaries };
}

/** Runs commands in the third terminal and answers what they printed. */
async function run(commands: string): Promise<string> {
  await using terminal = openTerminal(folder, commands);
  const code = await terminal.ended;
  expect(code, terminal.output()).toBe(0);
  return terminal.output();
}

async function ask(commands: string): Promise<Record<string, unknown>> {
  return JSON.parse(await run(`${commands} --json 2> /dev/null`));
}

async function listening(terminal: Terminal, url: string): Promise<void> {
  await vi.waitFor(async () => {
    const { ok } = await fetch(`${url}/health/ready`);
    if (!ok) throw new Error(`not ready: ${terminal.output()}`);
  }, PATIENCE);
}

/** The shell of an interrupted terminal has no exit code; the server says how it ended. */
async function stop(terminal: Terminal): Promise<void> {
  terminal.interrupt();
  await terminal.ended;
  expect(terminal.output()).toContain('"event":"server.stopped"');
}

describe("the tour in two terminals", () => {
  beforeAll(() => offerEnks(folder));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("carry a state's users over to the nation, to the end, without losing a key", async () => {
    const written = ["terminal-1", "terminal-2", "terminal-3"].flatMap((terminal) =>
      blocksOf("migrate/two-terminals.md", terminal),
    );
    expect(written).toHaveLength(6);
    const ports = await portsOf(written);
    const commands = written.map((text) => withPorts(text, ports));
    const [stateCommands = "", nationCommands = "", setUp = "", end = "", endSource = "", takeOver = ""] = commands;
    const url = (port: number) => withPorts(`http://127.0.0.1:${port}`, ports);
    await using state = openTerminal(folder, stateCommands);
    await using nation = openTerminal(folder, nationCommands);
    await Promise.all([listening(state, url(7_081)), listening(nation, url(7_091))]);

    await run(setUp);
    const stateSeal = trusted("state.pem", "310", "v1");
    const before = await vi.waitFor(async () => {
      const tree = await readTree(`${url(7_080)}/state`, [stateSeal]);
      expect(new Set(tree.primaries).size).toBeGreaterThanOrEqual(STATE + NATION);
      return tree;
    }, PATIENCE);

    await run(end);
    await vi.waitFor(async () => {
      expect(await ask("npx enks --profile state export show state")).toMatchObject({ endedAt: expect.any(String) });
    }, SELDOM);
    await run(endSource);
    await vi.waitFor(async () => {
      const source = await ask("npx enks --profile nation source show state");
      expect(source).toMatchObject({ life: "ended", givenUp: null, files: { waiting: 0, quarantined: 0 } });
    }, SELDOM);
    const last = await readTree(`${url(7_080)}/state`, [stateSeal]);
    expect(last.lines.slice(0, before.lines.length)).toEqual(before.lines);
    await stop(state);

    await run(takeOver);
    const nationSeal = trusted("nation.pem", "310", "v2");
    const after = await vi.waitFor(async () => {
      const tree = await readTree(`${url(7_090)}/state`, [stateSeal, nationSeal]);
      expect(new Set(tree.primaries).size).toBeGreaterThanOrEqual(last.primaries.length + LATER);
      return tree;
    }, PATIENCE);

    // Old lines first and as they were; then new ones, under the new seal alone.
    expect(after.lines.slice(0, last.lines.length)).toEqual(last.lines);
    expect(after.primaries.slice(0, last.primaries.length)).toEqual(last.primaries);
    expect(new Set(after.primaries).size).toBe(after.primaries.length);
    const national = await readTree(`${url(7_090)}/national`, [trusted("nation.pem", "999", "v1")]);
    const known = new Set(after.primaries);
    expect(national.primaries.filter((key) => !known.has(key))).toEqual([]);

    await stop(nation);
  });
});
