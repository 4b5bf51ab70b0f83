// What every follower has in common: it reads the bodies of indexes and decides which files to fetch (DB 1).
// Pure decisions; the phone does the fetching and keeps the memory.

/** One published tree as a phone is configured for it. The base need not be the folder of the index (DB 1.1). */
export interface PhoneLocation {
  readonly indexUrl: string;
  readonly baseUrl: string;
}

export interface FetchedIndex extends PhoneLocation {
  readonly body: string;
}

export interface WantedFile {
  readonly url: string;
  /** The line of the index that named it. */
  readonly name: string;
}

/** What a follower does when only some of the files arrive (DB 8). */
export type PartialDownload = "all_or_nothing" | "tolerate_and_retry" | "tolerate_and_lose";

/**
 * When the app remembers what it handed over. With one call per file: `after_accepted` when all calls were accepted,
 * `after_first_call` everything as soon as the first one was, `after_each_call` file by file.
 */
export type Commit = "after_accepted" | "after_download" | "after_first_call" | "after_each_call";

export interface FollowPlan<Memory> {
  /** In the order in which they are fetched and handed over; a doubled line is wanted twice. */
  readonly wanted: readonly WantedFile[];
  readonly partialDownload: PartialDownload;
  readonly commit: Commit;
  /** The app begins anew after a call that was refused (DB 1.3, CWA on iOS). */
  readonly forgetsWhenRefused?: boolean;
  /** What to remember when the files with the URLs `arrived` came. Called with the empty set when nothing was wanted. */
  remember(arrived: ReadonlySet<string>): Memory;
}

/** `Memory` is plain data that survives JSON. */
export interface Follower<Memory> {
  readonly kind: string;
  /** What a new installation remembers. */
  readonly firstMemory: Memory;
  /** Decides from all indexes of one check. Throws `index_unparsable` where the app's parser fails. */
  plan(indexes: readonly FetchedIndex[], memory: Memory): FollowPlan<Memory>;
}

/** Appends a line, as an already encoded path, to the base: a leading slash of the line becomes a double slash (DB 1.6). */
export function joinUrl(baseUrl: string, line: string): string {
  return `${baseUrl.replace(/\/$/, "")}/${line}`;
}
