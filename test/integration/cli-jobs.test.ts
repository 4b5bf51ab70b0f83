// `enks job` against a server whose workers run.

import { afterAll, beforeAll, expect, test } from "vitest";
import { CodedError } from "../../src/core/coded-error.ts";
import { jobBySubject } from "../../src/platform/jobs/job-by-subject.ts";
import { type CliWorld, makeCliWorld } from "../support/cli-world.ts";

const SCREEN = { columns: 120, rows: 40 };
/** Days: no job runs of itself while the tests do. */
const RARELY = 900_000;

let world: CliWorld;
let mayEnd: PromiseWithResolvers<void>;
beforeAll(async () => {
  mayEnd = Promise.withResolvers();
  const extra = { duty: "clean-up", everySeconds: RARELY } as const;
  world = await makeCliWorld({
    runsJobs: (name) => name.startsWith("a-"),
    jobs: [
      { ...extra, name: "a-good", run: async () => {} },
      {
        ...extra,
        name: "a-bad",
        run: async () => {
          throw new CodedError("blob_storage_full", "the disk is full");
        },
      },
      { ...extra, name: "a-slow", run: () => mayEnd.promise },
      { ...extra, name: "elsewhere", run: async () => {} },
      jobBySubject({
        ...extra,
        name: "a-source",
        subjects: async () => ["bad", "good"],
        async runFor(subject) {
          if (subject === "bad") throw new CodedError("blob_storage_full", "the disk is full");
          return "done";
        },
      }),
    ],
  });
});
afterAll(async () => {
  mayEnd.resolve();
  await world.close();
});

test("a job that is run is waited for", async () => {
  expect(await world.enks(["job", "run", "a-good"])).toEqual({
    code: 0,
    out: expect.stringMatching(/^a-good: succeeded in \d+ s\n$/),
    err: "",
  });
  expect(await world.answer("job", "run", "a-good")).toMatchObject([
    { job: "a-good", subject: null, state: "succeeded" },
  ]);
  expect((await world.enks(["job", "list"])).out).toMatch(/^ {2}a-good +clean-up +10d10h +- +now +succeeded /m);
});

test("a run that fails ends the command with 1, under the code of the failure", async () => {
  const { code, out, err } = await world.enks(["job", "run", "a-bad"]);
  expect({ code, out }).toEqual({ code: 1, out: "" });
  expect(err).toMatch(/^error blob_storage_full: a-bad failed: .*the disk is full/);
  const asJson = await world.enks(["job", "run", "a-bad", "--json"]);
  expect(asJson.code).toBe(1);
  expect(JSON.parse(asJson.out)).toMatchObject([{ state: "failed", code: "blob_storage_full" }]);
  expect((await world.enks(["job", "list"])).out).toMatch(/a-bad .* failed .* blob_storage_full: /);
});

test("a job by subject is run for each, or for one, and shows how each went", async () => {
  expect(await world.enks(["job", "run", "a-source", "good"])).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^a-source good: succeeded in \d+ s\n$/),
  });
  const all = await world.enks(["job", "run", "a-source"]);
  expect(all).toMatchObject({ code: 1, out: expect.stringMatching(/^a-source good: succeeded/) });
  expect(all.err).toMatch(/^error blob_storage_full: a-source bad failed: .*the disk is full/);
  const { out } = await world.enks(["job", "show", "a-source"]);
  expect(out).toMatch(/^a-source: every 10d10h, in processes with the duty clean-up\n/);
  expect(out).toMatch(/^ {2}bad +now +failed .* blob_storage_full: /m);
  expect(out).toMatch(/^ {2}good +now +succeeded /m);
  expect(await world.enks(["job", "run", "a-source", "other"])).toMatchObject({
    code: 1,
    err: expect.stringContaining("error job_subject_unknown: "),
  });
  expect(await world.answer("job", "show", "a-source")).toMatchObject({ subjects: [{}, {}] });
});

test("a person sees that it goes on", async () => {
  const { err, out } = await world.enks(["job", "run", "a-slow"], {
    screen: SCREEN,
    meanwhile: (pauses) => {
      if (pauses === 3) mayEnd.resolve();
    },
  });
  expect(err).toMatch(/⠋ a-slow: (waiting|running), 0 s/);
  expect(err.endsWith("\r\u001B[2K")).toBe(true);
  expect(out).toContain("a-slow: succeeded");
});

test("nobody waits for ever for a job that no process runs", async () => {
  const words = ["job", "run", "elsewhere", "--within", "1m"];
  const waited = await world.enks(words, { meanwhile: () => world.clock.advance(31) });
  expect(waited).toMatchObject({ code: 1, err: expect.stringContaining("error run_unfinished: elsewhere is waiting") });
  const asked = await world.enks(["job", "run", "elsewhere", "--no-wait"]);
  expect(asked).toMatchObject({ code: 0, out: expect.stringMatching(/^asked for: run \S+ of elsewhere\n$/) });
});

test("there is no such job", async () => {
  expect(await world.enks(["job", "run", "nothing"])).toMatchObject({
    code: 1,
    err: expect.stringContaining("error job_unknown: "),
  });
});

test("dead letters are listed", async () => {
  expect(await world.enks(["job", "dead-letters"])).toMatchObject({ code: 0, err: "" });
});
