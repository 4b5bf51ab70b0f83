// A simulated phone: an app that follows indexes, the operating system under it, a memory, and the check that joins them.

import type { UnixSeconds } from "../core/clock.ts";
import { codeOf } from "../core/coded-error.ts";
import { addCall } from "./add-call.ts";
import { type CheckFailure, type CheckResult, UNEVENTFUL } from "./check-result.ts";
import { type DeviceFetch, download, type FailedDownload } from "./download.ts";
import type { FetchedIndex, Follower, FollowPlan, PhoneLocation, WantedFile } from "./follower.ts";
import { androidWindowTable } from "./key-holding.ts";
import { type HeldKey, listHeldKeys } from "./list-held-keys.ts";
import { countCheck, forgetInstallation, newPhoneMemory, type PhoneMemory } from "./phone-memory.ts";
import { type PhoneSystem, provideFiles } from "./provide-files.ts";
import { leftOf, NO_QUOTA } from "./provide-quota.ts";
import type { OfferedFile } from "./verifier.ts";

/** What its kind decides about a phone, the defaults are those of the reference app. */
export interface PhoneProfile<FollowerMemory>
  extends Pick<PhoneSystem, "verifier">,
    Partial<Pick<PhoneSystem, "holding" | "quota" | "knownBy">> {
  readonly follower: Follower<FollowerMemory>;
  /** One call for each file, up to the first that is not accepted; otherwise all files in one call. */
  readonly callsPerFile?: boolean;
  /** How often the app's client tries again; 0 if not given. */
  readonly retries?: number;
  /** Some apps take an index that answers 404 for one with nothing new (DB 1.5, Immuni). */
  readonly missingIndexEndsWell?: boolean;
}

export interface PhoneOptions<FollowerMemory>
  extends PhoneLocation,
    PhoneProfile<FollowerMemory>,
    Pick<PhoneSystem, "trustedKeys" | "tools"> {
  readonly name: string;
  /** Further indexes of the same check, as for countries that were visited (DB 1.2). */
  readonly roaming?: readonly PhoneLocation[];
  readonly fetch: DeviceFetch;
  /** What the phone's own clock shows at `now`; the right time if not given. */
  readonly showTime?: (now: UnixSeconds) => UnixSeconds;
  /** What an earlier life of the phone left behind; without it the app is newly installed. */
  readonly memory?: PhoneMemory<FollowerMemory>;
}

export interface Phone<FollowerMemory = unknown> {
  readonly name: string;
  /** Plain data, changed by every check. */
  readonly memory: PhoneMemory<FollowerMemory>;
  /** One run of the app's periodic job. Never rejects for what index, archives or network do; not reentrant. */
  check(now: UnixSeconds): Promise<CheckResult>;
  heldKeys(): Iterable<HeldKey>;
  /** Its owner removes the app and installs it again: what it remembers and holds is gone. */
  reinstall(): void;
}

interface Arrival {
  readonly files: readonly (OfferedFile & WantedFile)[];
  readonly fetched: readonly string[];
  readonly failedDownloads: readonly FailedDownload[];
}

export function createPhone<FollowerMemory>(options: PhoneOptions<FollowerMemory>): Phone<FollowerMemory> {
  const { name, follower, fetch, retries = 0, showTime = (now) => now } = options;
  const system: PhoneSystem = { holding: androidWindowTable, quota: NO_QUOTA, knownBy: "nothing", ...options };
  const memory = options.memory ?? newPhoneMemory(follower.firstMemory);
  const locations = [options, ...(options.roaming ?? [])];

  async function check(now: UnixSeconds): Promise<CheckResult> {
    const result = await run(now);
    countCheck(memory.counters, result.result, now);
    memory.counters.refusedArchives += result.refused.length;
    memory.counters.repeatedPrimaries += result.repeatedPrimaries.length;
    memory.counters.skippedRevisions += result.skippedRevisions.length;
    return result;
  }

  async function run(now: UnixSeconds): Promise<CheckResult> {
    const indexes = await fetchIndexes();
    if ("failed" in indexes) {
      const endsWell = options.missingIndexEndsWell === true && indexes.failed.status === 404;
      return close(now, endsWell ? null : "index_unavailable", { failedDownloads: [indexes.failed] });
    }
    const plan = planOrNull(indexes);
    if (plan === null) return close(now, "index_unparsable");
    if (plan.wanted.length === 0) {
      memory.follower = plan.remember(new Set());
      return close(now, null);
    }
    const room = leftOf(system.quota.filesPerDay, memory.providedFiles, showTime(now));
    if (room === 0) return close(now, "quota_exhausted");
    const arrival = await fetchWanted(plan, plan.wanted.slice(0, room));
    if (arrival.files.length === 0) return close(now, "file_unavailable", arrival);
    if (plan.partialDownload === "all_or_nothing" && arrival.failedDownloads.length > 0) {
      return close(now, "file_unavailable", arrival);
    }
    return provide(plan, arrival, now);
  }

  async function fetchIndexes(): Promise<FetchedIndex[] | { readonly failed: FailedDownload }> {
    const indexes: FetchedIndex[] = [];
    for (const { indexUrl, baseUrl } of locations) {
      const index = await download(fetch, indexUrl, retries);
      if ("failed" in index) return index;
      indexes.push({ indexUrl, baseUrl, body: new TextDecoder("utf-8", { ignoreBOM: true }).decode(index.bytes) });
    }
    return indexes;
  }

  function planOrNull(indexes: readonly FetchedIndex[]): FollowPlan<FollowerMemory> | null {
    try {
      return follower.plan(indexes, memory.follower);
    } catch (error) {
      if (codeOf(error) === "index_unparsable") return null;
      throw error;
    }
  }

  async function fetchWanted(plan: FollowPlan<FollowerMemory>, wantedFiles: readonly WantedFile[]): Promise<Arrival> {
    const files: (OfferedFile & WantedFile)[] = [];
    const failedDownloads: FailedDownload[] = [];
    for (const wanted of wantedFiles) {
      const file = await download(fetch, wanted.url, retries);
      if ("bytes" in file) {
        files.push({ ...wanted, bytes: file.bytes });
        continue;
      }
      failedDownloads.push(file.failed);
      if (plan.partialDownload === "all_or_nothing") break;
    }
    return { files, fetched: files.map(({ url }) => url), failedDownloads };
  }

  /** Hands the files over, call by call, up to the first call that is not accepted. */
  function provide(plan: FollowPlan<FollowerMemory>, { files, ...downloads }: Arrival, now: UnixSeconds): CheckResult {
    const remember = (urls: readonly string[]): void => {
      memory.follower = plan.remember(new Set(urls));
    };
    if (plan.commit === "after_download") remember(downloads.fetched);
    let sum: CheckResult = close(now, null, downloads);
    const calls = options.callsPerFile === true ? files.map((file) => [file]) : [files];
    const provided: string[] = [];
    for (const call of calls) {
      const result = provideFiles(system, memory, call, { now, ownNow: showTime(now) });
      sum = addCall(sum, result);
      if (result.outcome === "refused" && plan.forgetsWhenRefused === true) memory.follower = follower.firstMemory;
      if (result.outcome !== "accepted") return sum;
      provided.push(...call.map(({ url }) => url));
      if (plan.commit === "after_first_call") remember(downloads.fetched);
      if (plan.commit === "after_each_call") remember(provided);
    }
    if (plan.commit === "after_accepted") remember(downloads.fetched);
    return sum;
  }

  return {
    name,
    memory,
    check,
    heldKeys: () => listHeldKeys(memory.keys),
    reinstall: () => forgetInstallation(memory, follower.firstMemory),
  };
}

function close(at: UnixSeconds, reason: CheckFailure | null, arrival: Partial<Arrival> = {}): CheckResult {
  const { fetched = [], failedDownloads = [] } = arrival;
  return { ...UNEVENTFUL, at, result: reason === null ? "ok" : "failed", reason, fetched, failedDownloads };
}
