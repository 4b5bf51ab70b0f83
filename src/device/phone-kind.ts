// What the catalogue says of a kind of phones: how it follows, what it may lose by its own fault, what its system reads.

import { HOUR } from "../core/clock.ts";
import { androidWindowTable, type KeyHolding } from "./key-holding.ts";
import { createPhone, type Phone, type PhoneOptions, type PhoneProfile } from "./phone.ts";
import type { PhoneMemory } from "./phone-memory.ts";
import { NO_QUOTA } from "./provide-quota.ts";
import type { Trust } from "./verifier.ts";

/** What a world decides about a phone; what its kind decides can be overridden. */
export type KindOptions<FollowerMemory> = Omit<PhoneOptions<FollowerMemory>, "follower" | "verifier">;

export type Platform = "android" | "ios";

/** What costs a phone keys by its own fault, even if the server does everything right. */
export type LossCause =
  /** A file that does not come is not asked for again. */
  | "failed_download"
  /** A file that came damaged, as an HTML page, or under a seal that the phone does not trust yet is not tried again. */
  | "refused_file"
  /** What the system turns away for the day is not offered again. */
  | "quota_exhausted"
  /** Of a list as long as `maxFilesPerCheck` it takes the newest files only. */
  | "long_backlog";

export interface PhoneKind extends Pick<KeyHolding, "appliesRevisions" | "readsReportTypes" | "countsDuplicates"> {
  /** Kebab case. */
  readonly name: string;
  /** A sentence. */
  readonly about: string;
  readonly platform: Platform;
  /** `Follower.kind`: which column of DB 1.6 holds for it. */
  readonly method: string;
  /** `Verifier.kind`. */
  readonly verifier: string;
  readonly trusts: Trust;
  /** Typical. */
  readonly pollSeconds: number;
  readonly callsPerDay: number | null;
  /** Files that it can take in 24 hours, for want of calls or of files. A server that publishes more loses it. */
  readonly filesPerDay: number | null;
  /** Most files of one check; null: all that wait. */
  readonly maxFilesPerCheck: number | null;
  /** Of the files that a new installation finds it takes so many of the newest; 0: none; null: all. */
  readonly startsWithLast: number | null;
  readonly losesAfter: readonly LossCause[];
  /** `losesAfter` holds something: where that happened, nobody may ask such a phone for every key. */
  readonly toleratesLoss: boolean;
  /** It fetches again, at every check, what it has had: its `repeatedPrimaries` say nothing about the server. */
  readonly repeatsByDesign: boolean;
  /** `memory`, if given, must come from a phone of the same kind. */
  readonly create: (options: KindOptions<unknown>) => Phone;
}

/** What a kind says of itself; the rest follows from its profile. */
export interface KindFacts extends Pick<PhoneKind, "name" | "about"> {
  readonly pollHours: number;
  readonly losesAfter?: readonly LossCause[];
  readonly maxFilesPerCheck?: number;
  readonly startsWithLast?: number;
  readonly repeatsByDesign?: boolean;
}

export function definePhoneKind<FollowerMemory>(
  platform: Platform,
  facts: KindFacts,
  profile: PhoneProfile<FollowerMemory>,
): PhoneKind {
  const { follower, verifier, holding = androidWindowTable, quota = NO_QUOTA } = profile;
  const losesAfter = facts.losesAfter ?? [];
  return {
    name: facts.name,
    about: facts.about,
    platform,
    method: follower.kind,
    verifier: verifier.kind,
    trusts: verifier.trusts,
    pollSeconds: facts.pollHours * HOUR,
    callsPerDay: quota.callsPerDay,
    filesPerDay: quota.filesPerDay ?? (profile.callsPerFile === true ? quota.callsPerDay : null),
    maxFilesPerCheck: facts.maxFilesPerCheck ?? null,
    startsWithLast: facts.startsWithLast ?? null,
    losesAfter,
    toleratesLoss: losesAfter.length > 0,
    appliesRevisions: holding.appliesRevisions,
    readsReportTypes: holding.readsReportTypes,
    countsDuplicates: holding.countsDuplicates,
    repeatsByDesign: facts.repeatsByDesign ?? false,
    create: ({ memory, ...options }) =>
      createPhone({
        ...profile,
        ...options,
        // Plain data of a phone of this kind: only its follower knows the shape.
        ...(memory === undefined ? {} : { memory: memory as PhoneMemory<FollowerMemory> }),
      }),
  };
}
