// Followers by numeric ids and by daily periods (DB 1.5).

import { describe, expect, test } from "vitest";
import { DAY } from "../core/clock.ts";
import { type CursorMemory, type CursorOptions, createCursorFollower, NAME_END, readNumberedLines } from "./cursor.ts";
import { dailyPeriodsFollower } from "./daily-periods.ts";

const COVIDGREEN: CursorOptions = {
  // Its own index form: rows of id and path.
  readIndex: (body) => JSON.parse(body).map(([id, name]: [number, string]) => ({ id, name })),
  commit: "after_accepted",
  unknownId: "from_the_beginning",
  takes: { from: "oldest", files: 12 },
};

function run(options: CursorOptions, body: string, since: number): { fetched: string; after: CursorMemory } {
  const index = { indexUrl: "https://h/exposures", baseUrl: "https://h/files", body };
  const plan = createCursorFollower(options).plan([index], { since });
  const after = plan.remember(new Set(plan.wanted.map((file) => file.url)));
  return { fetched: plan.wanted.map((file) => file.name).join(" "), after };
}

const rows = (...ids: number[]): string => JSON.stringify(ids.map((id) => [id, `f${id}`]));

describe("DB 1.5, covidgreen's own server type", () => {
  test.each([
    ["a new installation takes all", rows(1, 2, 3), 0, "f1 f2 f3", 3],
    ["what follows the remembered id", rows(1, 2, 3, 4), 2, "f3 f4", 4],
    ["nothing new", rows(1, 2), 2, "", 2],
    ["rows in another order are taken by id", rows(4, 2, 3), 2, "f3 f4", 4],
    ["an id that the server does not know means from the beginning", rows(1, 2), 1_000, "f1 f2", 2],
    ["another server whose ids collide skips files silently", rows(1, 2, 3, 4, 5), 3, "f4 f5", 5],
    ["an empty answer keeps the cursor", rows(), 7, "", 7],
  ])("%s", (_situation, body, since, fetched, after) => {
    expect(run(COVIDGREEN, body, since)).toEqual({ fetched, after: { since: after } });
  });

  test("the limit takes the oldest, the rest comes at the next check", () => {
    const limited: CursorOptions = { ...COVIDGREEN, takes: { from: "oldest", files: 2 } };
    const first = run(limited, rows(1, 2, 3), 0);
    expect(first).toEqual({ fetched: "f1 f2", after: { since: 2 } });
    expect(run(limited, rows(1, 2, 3), first.after.since).fetched).toBe("f3");
  });

  test("a file that did not come is not passed", () => {
    const index = { indexUrl: "https://h/exposures", baseUrl: "https://h/files", body: rows(1, 2) };
    const plan = createCursorFollower(COVIDGREEN).plan([index], { since: 0 });
    expect(plan.remember(new Set(["https://h/files/f1"]))).toEqual({ since: 1 });
    expect(plan.remember(new Set())).toEqual({ since: 0 });
  });
});

describe("DB 1.5, Immuni over a text index", () => {
  const immuni: CursorOptions = {
    readIndex: readNumberedLines(NAME_END),
    commit: "after_first_call",
    unknownId: "ignored",
    takes: { from: "newest", files: 2 },
  };
  const lines = "v1/100-200-1.zip\nv1/200-300-1.zip\nv1/300-400-1.zip";

  test("the newest files are taken and the older ones are lost", () => {
    const { fetched, after } = run(immuni, lines, 0);
    expect(fetched).toBe("v1/200-300-1.zip v1/300-400-1.zip");
    expect(run(immuni, lines, after.since).fetched).toBe("");
  });

  test("a remembered number that is not listed counts on", () => {
    expect(run(immuni, lines, 350).fetched).toBe("v1/300-400-1.zip");
  });
});

test.each(["latest.zip", "<html>", "100-x.zip"])("a line without an id ends the check: %s", (line) => {
  expect(() => readNumberedLines(NAME_END)(`100-200-1.zip\n${line}`)).toThrow(
    expect.objectContaining({ code: "index_unparsable" }),
  );
});

// The last file of each day and one at noon of day 3.
const endOf = (day: number, part = 1): number => Math.trunc((day + part) * DAY) - 1;
const body = [endOf(1), endOf(2), endOf(3, 0.5), endOf(3)].map((end) => `${end - 10}-${end}-1.zip`);
const index = (lines: number) => ({
  indexUrl: "https://h/i",
  baseUrl: "https://h",
  body: body.slice(0, lines).join("\n"),
});
const allOf = (plan: ReturnType<typeof dailyPeriodsFollower.plan>) =>
  plan.remember(new Set(plan.wanted.map((file) => file.url)));

describe("DB 1.5, CDS: daily periods", () => {
  test("the first check takes all, every other one the newest day and the one before", () => {
    const first = dailyPeriodsFollower.plan([index(2)], dailyPeriodsFollower.firstMemory);
    expect(first.wanted).toHaveLength(2);
    expect(allOf(first)).toEqual({ newestDay: 2 });
    const second = dailyPeriodsFollower.plan([index(4)], allOf(first));
    expect(second.wanted.map((file) => file.name)).toEqual(body);
    const third = dailyPeriodsFollower.plan([index(4)], allOf(second));
    expect(third.wanted.map((file) => file.name)).toEqual(body.slice(1));
  });

  test("when nothing came, or only old files, the day stays", () => {
    const plan = dailyPeriodsFollower.plan([index(4)], { newestDay: 3 });
    expect(plan.remember(new Set())).toEqual({ newestDay: 3 });
    expect(plan.remember(new Set([`https://h/${body[1]}`]))).toEqual({ newestDay: 3 });
  });
});
