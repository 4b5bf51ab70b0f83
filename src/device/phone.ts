// A simulated phone: a follower, a verifier, a memory, and the check that joins them.

import type { UnixSeconds } from "../core/clock.ts";
import { codeOf } from "../core/coded-error.ts";
import { type CheckFailure, type CheckResult, UNEVENTFUL } from "./check-result.ts";
import { type DeviceFetch, download, type FailedDownload } from "./download.ts";
import type { FetchedIndex, Follower, FollowPlan, PhoneLocation } from "./follower.ts";
import { holdCall } from "./hold-keys.ts";
import { type HeldKey, listHeldKeys } from "./list-held-keys.ts";
import { countCheck, newPhoneMemory, type PhoneMemory } from "./phone-memory.ts";
import type { PhoneTools } from "./phone-tools.ts";
import { type ProvideQuota, recentCalls } from "./provide-quota.ts";
import { type CosignSet, keysAt, type OfferedFile, type Verifier } from "./verifier.ts";

export interface PhoneOptions<FollowerMemory> extends PhoneLocation {
  readonly name: string;
  readonly follower: Follower<FollowerMemory>;
  readonly verifier: Verifier;
  /** Further indexes of the same check, as for countries that were visited (DB 1.2). */
  readonly roaming?: readonly PhoneLocation[];
  /** Over time; what the operating system holds at a check is `keysAt` of it. */
  readonly trustedKeys: readonly CosignSet[];
  readonly fetch: DeviceFetch;
  readonly tools: PhoneTools;
  /** How often the app's client tries again; 0 if not given. */
  readonly retries?: number;
  /** Without it every call is allowed. */
  readonly quota?: ProvideQuota;
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
}

interface Arrival {
  readonly files: readonly OfferedFile[];
  readonly fetched: readonly string[];
  readonly failedDownloads: readonly FailedDownload[];
}

export function createPhone<FollowerMemory>(options: PhoneOptions<FollowerMemory>): Phone<FollowerMemory> {
  const { name, follower, verifier, fetch, tools, retries = 0, quota } = options;
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
    if ("failed" in indexes) return failed(now, "index_unavailable", { failedDownloads: [indexes.failed] });
    const plan = planOrNull(indexes);
    if (plan === null) return failed(now, "index_unparsable");
    if (plan.wanted.length === 0) {
      memory.follower = plan.remember(new Set());
      return { ...UNEVENTFUL, at: now, result: "ok", reason: null };
    }
    const arrival = await fetchWanted(plan);
    if (arrival.files.length === 0) return failed(now, "file_unavailable", arrival);
    if (plan.partialDownload === "all_or_nothing" && arrival.failedDownloads.length > 0) {
      return failed(now, "file_unavailable", arrival);
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

  async function fetchWanted(plan: FollowPlan<FollowerMemory>): Promise<Arrival> {
    const files: OfferedFile[] = [];
    const fetched: string[] = [];
    const failedDownloads: FailedDownload[] = [];
    for (const wanted of plan.wanted) {
      const file = await download(fetch, wanted.url, retries);
      if ("bytes" in file) {
        files.push({ name: wanted.name, bytes: file.bytes });
        fetched.push(wanted.url);
        continue;
      }
      failedDownloads.push(file.failed);
      if (plan.partialDownload === "all_or_nothing") break;
    }
    return { files, fetched, failedDownloads };
  }

  /** Hands all files over in one call. */
  function provide(plan: FollowPlan<FollowerMemory>, { files, ...downloads }: Arrival, now: UnixSeconds): CheckResult {
    const remembered = plan.remember(new Set(downloads.fetched));
    if (plan.commit === "after_download") memory.follower = remembered;
    memory.provideCalls = recentCalls(memory.provideCalls, now);
    if (quota !== undefined && memory.provideCalls.length >= quota.callsPerDay) {
      return failed(now, "quota_exhausted", downloads);
    }
    const verdict = verifier.judgeCall(files, keysAt(options.trustedKeys, now), tools);
    if (quota !== undefined && (verdict.outcome === "accepted" || quota.countsRefusedCalls)) {
      memory.provideCalls.push(now);
    }
    if (verdict.outcome === "refused") return failed(now, "call_refused", { ...downloads, refused: [verdict.refused] });
    const { added, repeatedPrimaries, skippedRevisions } = holdCall(memory.keys, verdict.exports, now);
    memory.follower = remembered;
    const accepted = files.map((file) => file.name);
    const gained = { accepted, refused: [], keysAdded: added, repeatedPrimaries, skippedRevisions };
    return { at: now, result: "ok", reason: null, ...downloads, ...gained };
  }

  return { name, memory, check, heldKeys: () => listHeldKeys(memory.keys) };
}

function failed(
  at: UnixSeconds,
  reason: CheckFailure,
  { fetched, failedDownloads, refused }: Partial<CheckResult> = {},
): CheckResult {
  return {
    ...UNEVENTFUL,
    at,
    result: "failed",
    reason,
    fetched: fetched ?? [],
    failedDownloads: failedDownloads ?? [],
    refused: refused ?? [],
  };
}
