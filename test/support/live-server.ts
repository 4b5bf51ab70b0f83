// A real `enks serve` that exports within seconds, and what it publishes, followed as the strictest phone would.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, vi } from "vitest";
import { nodeArchiveTools } from "../../src/archive/node-tools.ts";
import { parsePublicKey } from "../../src/archive/parse-public-key.ts";
import { IndexFollower, namesOf } from "./index-follower.ts";
import { openObjects } from "./open-data-folder.ts";
import { PATIENCE } from "./patience.ts";
import { initFolder, type ServeOptions, type ServeProcess, startServe, type Variables } from "./serve-process.ts";

const SHIFTED_CLOCK = join(import.meta.dirname, "shifted-clock.ts");
/** Every key of a generated person has ended, so none waits for an embargo. */
const KEYS_A_PERSON = 13;
export const KEYS_AN_ARCHIVE = 100;

const SETTINGS = [
  "allowGeneratedKeys=true",
  "truncateWindowSeconds=1",
  "minWindowAgeSeconds=0",
  "jobPeriodsSeconds={export: 1, publish-index: 1, import-discover: 1, import-archives: 1, clean-up-statistics: 60}",
];

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

export interface LiveServer extends AsyncDisposable {
  readonly folder: string;
  readonly token: string;
  /** Of the location "client". */
  readonly follower: IndexFollower;
  /** The process of the last start. */
  process(): ServeProcess;
  /** Starts it, again if it was ended; waits until it listens. */
  start(variables?: Variables): Promise<void>;
  /** As `start`, with a clock that says so many minutes more: leases of a process that was killed have lapsed. */
  startLater(minutes: number, args?: readonly string[]): Promise<void>;
  /** Has the clock of the process, if it was started later, be wrong by so many seconds from now on. */
  setClock(bySeconds: number): void;
  /** Ends it as a crash would. */
  kill(): Promise<void>;
  adminUrl(): string;
  ask(path: string, body?: unknown, method?: string): Promise<Answer>;
  /** The codes for which it is not ready. */
  unready(): Promise<string[]>;
  /** Makes up the keys of so many persons. */
  generate(persons: number): Promise<void>;
  /** Tells it of keys that come by another way. */
  expectKeys(count: number): void;
  /** Waits until everything that was made up or told of is published, each key once. */
  everythingIsPublished(): Promise<void>;
}

/** A data folder at `place`, by default a new one, with a location "client" and an export into it once it is started. */
export async function makeLiveServer(
  given: { readonly place?: string; readonly variables?: Variables } = {},
): Promise<LiveServer> {
  const base = given.place ?? mkdtempSync(join(tmpdir(), "live-server-"));
  mkdirSync(base, { recursive: true });
  const folder = join(base, "data");
  const token = await initFolder(
    folder,
    SETTINGS.flatMap((setting) => ["--set", setting]),
    given.variables,
  );
  const running: ServeProcess[] = [];
  let urls = { adminUrl: "", metricsUrl: "" };
  let follower: IndexFollower | undefined;
  let expected = 0;

  async function ask(path: string, body?: unknown, method = body === undefined ? "GET" : "POST"): Promise<Answer> {
    const response = await fetch(urls.adminUrl + path, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: JSON.parse(await response.text()) };
  }

  async function create(path: string, body: unknown): Promise<Answer["body"]> {
    const answer = await ask(path, body);
    expect(answer).toMatchObject({ status: 201 });
    return answer.body;
  }

  async function setUp(): Promise<void> {
    const { publicKeyPem } = await create("/v1/signing-keys", { name: "seal" });
    await create("/v1/locations", { name: "client", seal: { signingKey: "seal", keyId: "262", keyVersion: "v1" } });
    const archives = { maxRecords: KEYS_AN_ARCHIVE, minRecords: 0, paddingRange: 0 };
    await create("/v1/exports", { name: "main", location: "client", region: "XX", periodSeconds: 2, ...archives });
    const publicKey = parsePublicKey(String(publicKeyPem), nodeArchiveTools);
    const trustedKey = { keyId: "262", keyVersion: "v1", publicKey, from: 0, until: null };
    follower = new IndexFollower(await openObjects(folder), "client", [trustedKey]);
  }

  async function start(variables: Variables, options: ServeOptions): Promise<void> {
    running.push(startServe(folder, { METRICS_PORT: "0", ...given.variables, ...variables }, options));
    urls = await process().started();
    if (follower === undefined) await setUp();
  }

  const shiftFile = join(base, "clock-shift");
  const setClock = (bySeconds: number) => writeFileSync(shiftFile, String(bySeconds));

  function process(): ServeProcess {
    const last = running.at(-1);
    if (last === undefined) throw new Error("it was not started");
    return last;
  }

  async function kill(): Promise<void> {
    process().signal("SIGKILL");
    await process().ended();
  }

  const live: LiveServer = {
    folder,
    token,
    get follower() {
      if (follower === undefined) throw new Error("it was not started");
      return follower;
    },
    process,
    start: (variables = {}) => start(variables, {}),
    startLater(minutes, args = []) {
      setClock(minutes * 60);
      return start({ CLOCK_SHIFT_FILE: shiftFile }, { preload: SHIFTED_CLOCK, args });
    },
    setClock,
    kill,
    adminUrl: () => urls.adminUrl,
    ask,
    async unready() {
      const response = await fetch(`${urls.metricsUrl}/health/ready`);
      const { codes }: { codes: string[] } = JSON.parse(await response.text());
      expect(response.status).toBe(codes.length === 0 ? 200 : 503);
      return codes;
    },
    async generate(persons) {
      const answer = await ask("/v1/exposures/generation", { regions: ["XX"], persons });
      expect(answer).toMatchObject({ body: { keys: persons * KEYS_A_PERSON } });
      expected += persons * KEYS_A_PERSON;
    },
    expectKeys: (count) => void (expected += count),
    async everythingIsPublished() {
      await vi.waitFor(async () => {
        await live.follower.check();
        const keys = live.follower.archives.flatMap(({ primaries }) => namesOf(primaries));
        expect(keys.length, JSON.stringify(process().lines.slice(-3))).toBe(expected);
      }, PATIENCE);
      // Among them that no key is there twice.
      expect(live.follower.problems).toEqual([]);
    },
    async [Symbol.asyncDispose]() {
      for (const one of running) {
        one.signal("SIGKILL");
        await one.ended();
      }
      rmSync(base, { recursive: true, force: true });
    },
  };
  return live;
}
