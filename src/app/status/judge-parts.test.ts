// When a part of a server is late or broken.

import { describe, expect, test } from "vitest";
import { EXPORT, JOB, LOCATION, MIRROR, NOW, SOURCE } from "../../../test/support/status-samples.ts";
import { DAY, MINUTE } from "../../core/clock.ts";
import type { SubjectStatus } from "../../platform/jobs/job-runner.ts";
import type { Freshness } from "./freshness.ts";
import { judgeExport, judgeJob, judgeLocation, judgeMirror, judgeSource } from "./judge-parts.ts";

/** Every job runs every five minutes, so a quarter of an hour is the limit. */
const circumstances = { now: NOW, startedAt: NOW - DAY, isClockUnproven: false, periodSecondsOf: () => 5 * MINUTE };
const justStarted = { ...circumstances, startedAt: NOW - MINUTE };
const ON_TIME = NOW - 15 * MINUTE;
const LONG_AGO = ON_TIME - 1;

const failure = (code: string) => ({ at: NOW - MINUTE, code, message: "" });

function expectHealthy(fresh: Freshness): void {
  expect(fresh).toEqual({ state: "healthy", reasons: [] });
}

const judgeLocationWith = (overview: Partial<(typeof LOCATION)["overview"]>, fence = LOCATION.fence) =>
  judgeLocation({ ...LOCATION, fence, overview: { ...LOCATION.overview, ...overview } }, circumstances);

describe("a location", () => {
  test("is healthy while its index is checked in time, and before there is anything to check", () => {
    expectHealthy(judgeLocationWith({}));
    expectHealthy(judgeLocationWith({ indexCheckedAt: ON_TIME }));
    expectHealthy(judgeLocationWith({ deletionDueAt: ON_TIME }));
    expect(judgeLocationWith({ deletionDueAt: LONG_AGO })).toEqual({
      state: "late",
      reasons: ["location_deletions_late"],
    });
    expectHealthy(judgeLocationWith({ indexCheckedAt: null }, "unchecked"));
  });

  test("is late when its index was not right for three periods, a failure that passes included", () => {
    expect(judgeLocationWith({ indexCheckedAt: LONG_AGO })).toEqual({ state: "late", reasons: ["location_late"] });
    expectHealthy(judgeLocationWith({ lastFailure: failure("location_contended") }));
    const failing = { indexCheckedAt: LONG_AGO, lastFailure: failure("blob_storage_failed") };
    expect(judgeLocationWith(failing)).toEqual({ state: "late", reasons: ["location_late"] });
  });

  test("is broken with its fence, and by any failure that does not pass", () => {
    expect(judgeLocationWith({ lastFailure: failure("location_fence_broken") }, "broken")).toEqual({
      state: "broken",
      reasons: ["location_fence_broken"],
    });
    expect(judgeLocationWith({ lastFailure: failure("blob_storage_full") }).reasons).toEqual(["blob_storage_full"]);
  });

  test("that another program still writes is late, not broken", () => {
    const waiting = { indexCheckedAt: null, lastFailure: failure("location_not_adopted") };
    expect(judgeLocationWith(waiting, "not_adopted")).toEqual({ state: "late", reasons: ["location_not_adopted"] });
  });
});

const judgeExportWith = (changes: Partial<typeof EXPORT>) => judgeExport({ ...EXPORT, ...changes }, circumstances);

describe("an export", () => {
  test("is healthy up to three periods behind, and late beyond", () => {
    expectHealthy(judgeExportWith({ lagSeconds: 15 * MINUTE }));
    expect(judgeExportWith({ lagSeconds: 15 * MINUTE + 1 })).toEqual({ state: "late", reasons: ["export_late"] });
  });

  test("is broken by a failure that does not pass, and not by one that does", () => {
    expectHealthy(judgeExportWith({ failure: failure("export_overtaken") }));
    expect(judgeExportWith({ failure: failure("location_no_seal"), lagSeconds: DAY })).toEqual({
      state: "broken",
      reasons: ["location_no_seal", "export_late"],
    });
  });

  test("that has ended is healthy for ever", () => {
    const config = { ...EXPORT.config, endedAt: NOW - DAY };
    expectHealthy(judgeExportWith({ config, failure: failure("location_no_seal"), lagSeconds: DAY }));
  });
});

const judgeSourceWith = (changes: Partial<typeof SOURCE>, when = circumstances) =>
  judgeSource({ ...SOURCE, ...changes }, when);
const check = (changes: Partial<(typeof SOURCE)["check"]>) => ({ check: { ...SOURCE.check, ...changes } });
const waitingSince = (discoveredAt: number) => ({
  oldestWaiting: {
    line: "a.zip",
    state: "retry" as const,
    reason: "archive_unavailable",
    attempts: 1,
    discoveredAt,
    nextAttemptAt: NOW,
    quarantinedAt: null,
  },
});

describe("a source", () => {
  test("is healthy while its index is reached and nothing waits for long", () => {
    expectHealthy(judgeSourceWith({}));
    expectHealthy(judgeSourceWith({ ...check({ reachedAt: ON_TIME }), ...waitingSince(ON_TIME) }));
  });

  test("is late when its index was not reached, or an archive waits, for three periods", () => {
    const failing = { outcome: "failed", code: "index_unavailable" } as const;
    expectHealthy(judgeSourceWith(check(failing)));
    expect(judgeSourceWith(check({ ...failing, reachedAt: LONG_AGO }))).toEqual({
      state: "late",
      reasons: ["source_unreached"],
    });
    expect(judgeSourceWith(waitingSince(LONG_AGO))).toEqual({ state: "late", reasons: ["source_late"] });
  });

  test("is late while what it lists is suspicious, and while it trusts nobody", () => {
    expect(judgeSourceWith(check({ outcome: "suspicious", code: "index_empty" })).reasons).toEqual(["index_empty"]);
    const lastDay = { ...SOURCE.lastDay, keyCount: 100 };
    expectHealthy(judgeSourceWith({ lastDay: { ...lastDay, refusedCount: 7 } }));
    expect(judgeSourceWith({ lastDay: { ...lastDay, refusedCount: 8 } }).reasons).toEqual(["source_refuses_keys"]);
    expectHealthy(judgeSourceWith({ lastDay: { ...lastDay, keyCount: 99, refusedCount: 99 } }));
    expect(judgeSourceWith({ lastDay: { ...lastDay, droppedCount: 1 } }).reasons).toEqual(["source_drops_revisions"]);
    expect(judgeSourceWith({ trustedKeys: [] })).toEqual({ state: "late", reasons: ["source_trusts_nobody"] });
    const past = SOURCE.trustedKeys.map((trusted) => ({ ...trusted, until: NOW }));
    expect(judgeSourceWith({ trustedKeys: past }).reasons).toEqual(["source_trusts_nobody"]);
  });

  test("is broken while archives are quarantined, and when its index cannot be had as it is", () => {
    const archives = { ...SOURCE.archives, quarantined: 1 };
    expect(judgeSourceWith({ archives })).toEqual({ state: "broken", reasons: ["source_quarantined"] });
    const refused = check({ outcome: "failed", code: "fetch_private_address" });
    expect(judgeSourceWith(refused)).toEqual({ state: "broken", reasons: ["fetch_private_address"] });
  });

  test("that was never checked has three periods from its beginning and from the start of the server", () => {
    const never = check({ checkedAt: null, outcome: null, reachedAt: null });
    expectHealthy(judgeSourceWith(never, justStarted));
    expect(judgeSourceWith(never).reasons).toEqual(["source_unreached"]);
    expectHealthy(judgeSourceWith({ ...never, source: { ...SOURCE.source, from: NOW - MINUTE } }));
  });

  const stale = { ...check({ reachedAt: LONG_AGO }), trustedKeys: [] };

  test("is asked nothing before its time and once it has ended", () => {
    for (const times of [{ from: NOW + 1 }, { until: LONG_AGO, endedAt: LONG_AGO }]) {
      expectHealthy(judgeSourceWith({ ...stale, source: { ...SOURCE.source, ...times } }));
    }
  });

  test("that comes to its end still owes a good look and what it listed", () => {
    const source = { ...SOURCE.source, until: LONG_AGO };
    expect(judgeSourceWith({ ...stale, source }).reasons).toEqual([
      "source_unreached",
      "source_trusts_nobody",
      "source_ending",
    ]);
    const looked = { ...source, finalLookAt: NOW };
    expect(judgeSourceWith({ ...stale, source: looked, ...waitingSince(LONG_AGO) }).reasons).toEqual([
      "source_ending",
      "source_late",
    ]);
    const quarantined = { ...SOURCE.archives, quarantined: 1 };
    expect(judgeSourceWith({ ...stale, source: looked, archives: quarantined }).state).toBe("broken");
  });
});

const judgeMirrorWith = (
  mirror: Partial<(typeof MIRROR)["mirror"]>,
  changes: Partial<typeof MIRROR> = {},
  when = circumstances,
) => judgeMirror({ ...MIRROR, ...changes, mirror: { ...MIRROR.mirror, ...mirror } }, when);

describe("a mirror", () => {
  test("is healthy while its runs go well, and late after three periods without one", () => {
    expectHealthy(judgeMirrorWith({}));
    expectHealthy(judgeMirrorWith({ lastOkAt: ON_TIME, lastError: "archive_missing" }));
    expect(judgeMirrorWith({ lastOkAt: LONG_AGO, lastError: "fetch_timeout" })).toEqual({
      state: "late",
      reasons: ["mirror_late"],
    });
  });

  test.each(["archive_untrusted", "archive_unobtainable", "mirror_source_shrank", "location_fence_broken"])(
    "that stopped with %s is broken at once",
    (lastError) => {
      expect(judgeMirrorWith({ lastError })).toEqual({ state: "broken", reasons: [lastError] });
    },
  );

  test("that never ran has three periods from its beginning and from the start of the server", () => {
    const never = { lastRunAt: null };
    expectHealthy(judgeMirrorWith({ lastOkAt: null }, never, justStarted));
    expect(judgeMirrorWith({ lastOkAt: null }, never).reasons).toEqual(["mirror_late"]);
    expectHealthy(judgeMirrorWith({ lastOkAt: null, from: NOW - MINUTE }, never));
    expect(judgeMirrorWith({ lastOkAt: null }).reasons).toEqual(["mirror_late"]);
  });

  const failed = { lastError: "archive_untrusted", lastOkAt: LONG_AGO };

  test("is healthy before its time and once it has ended, whatever happened", () => {
    expectHealthy(judgeMirrorWith({ ...failed, until: LONG_AGO, endedAt: LONG_AGO }));
    expectHealthy(judgeMirrorWith({ ...failed, from: NOW + 1 }));
  });

  test("is not healthy from its end on while a line waits", () => {
    expect(judgeMirrorWith({ ...failed, until: NOW }).state).toBe("broken");
    expect(judgeMirror({ ...MIRROR, lostArchives: 1 }, circumstances).reasons).toEqual(["mirror_lost_archives"]);
    expect(judgeMirrorWith({ until: LONG_AGO, lastOkAt: LONG_AGO }).reasons).toEqual(["mirror_late", "mirror_ending"]);
  });
});

const letter = (failedAt: number, job = JOB.name) => ({
  id: "1",
  job,
  subject: null,
  failedAt,
  code: null,
  message: null,
});
const judgeJobWith = (changes: Partial<typeof JOB>, letters = [letter(0)], isHere = true, when = circumstances) =>
  judgeJob({ ...JOB, ...changes }, letters, isHere, when).whole;

describe("a job", () => {
  test("is healthy up to three periods after its last success, and late beyond", () => {
    expectHealthy(judgeJobWith({ lastSucceededAt: ON_TIME, lastOutcome: "failed", lastCode: "unexpected" }));
    expect(judgeJobWith({ lastSucceededAt: LONG_AGO })).toEqual({ state: "late", reasons: ["job_late"] });
  });

  test("that waits for the clock is late, but after an ordinary gap", () => {
    const waiting = { lastSucceededAt: ON_TIME, waitsFor: "clock_in_doubt", waitsSince: NOW };
    expect(judgeJobWith(waiting)).toEqual({ state: "late", reasons: ["clock_in_doubt"] });
    expectHealthy(judgeJobWith(waiting, [], true, { ...circumstances, isClockUnproven: true }));
  });

  test("is broken by a dead letter, of its own and since its last success", () => {
    expect(judgeJobWith({ lastSucceededAt: ON_TIME }, [letter(ON_TIME + 1)]).reasons).toEqual(["job_dead_letters"]);
    expectHealthy(judgeJobWith({ lastSucceededAt: ON_TIME }, [letter(ON_TIME)]));
    expectHealthy(judgeJobWith({ lastSucceededAt: ON_TIME }, [letter(NOW, "mirror")]));
    expect(judgeJobWith({ lastSucceededAt: null }, [letter(1)]).state).toBe("broken");
  });

  test("that never succeeded is late three periods after the start, unless no process ever ran it", () => {
    const never = { lastSucceededAt: null, lastStartedAt: null, lastEndedAt: null, runs: 0 };
    expectHealthy(judgeJobWith(never, [], true, justStarted));
    expect(judgeJobWith(never, []).reasons).toEqual(["job_late"]);
    expectHealthy(judgeJobWith(never, [], false));
    expect(judgeJobWith({ ...never, lastStartedAt: NOW, runs: 3 }, [], false).reasons).toEqual(["job_late"]);
  });

  describe("by subject", () => {
    const runs = { ...JOB, lastSucceededAt: ON_TIME, firstAskedAt: LONG_AGO };
    const judgeSubjects = (...subjects: Partial<SubjectStatus>[]) => {
      const each = subjects.map((one, at) => ({ ...runs, subject: `s${at}`, ...one }));
      return judgeJob({ ...JOB, subjects: each }, [{ ...letter(NOW), subject: "s1" }], true, circumstances);
    };

    test("is as well as its subjects, each of which has its own successes and dead letters", () => {
      expect(judgeSubjects({}).whole.state).toBe("healthy");
      const { whole, subjects } = judgeSubjects({}, {}, { lastSucceededAt: LONG_AGO });
      expect(whole).toEqual({ state: "broken", reasons: ["job_dead_letters", "job_late"] });
      expect(subjects?.map(({ reasons }) => reasons)).toEqual([[], ["job_dead_letters"], ["job_late"]]);
    });

    test("expects nothing without subjects, nor of one before it was asked for", () => {
      expectHealthy(judgeSubjects().whole);
      expectHealthy(judgeSubjects({ lastSucceededAt: null, firstAskedAt: ON_TIME }).whole);
      expectHealthy(judgeSubjects({ lastSucceededAt: null, firstAskedAt: null }).whole);
      expect(judgeSubjects({ lastSucceededAt: null }).whole.reasons).toEqual(["job_late"]);
    });
  });
});
