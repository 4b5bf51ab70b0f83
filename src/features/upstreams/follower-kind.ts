// The two ways of following a server, as sources and as mirrors, as far as what both have in common needs to know them.

import type { UnixSeconds } from "../../core/clock.ts";
import type { Database, Db } from "../../platform/database/database.ts";
import type { Asked } from "./skip-queries.ts";
import type { LineStanding } from "./skip-types.ts";
import type { Upstream } from "./upstream-types.ts";

/** A source or a mirror. */
export interface Follower extends Upstream {
  readonly id: number;
  readonly name: string;
}

export interface FollowerKind<One extends Follower = Follower> {
  readonly noun: "source" | "mirror";
  /** Throws `source_unknown` or `mirror_unknown`. */
  readonly find: (db: Db, name: string) => Promise<One>;
  /** As `find`; it stays as it is until the transaction ends. */
  readonly lock: (tx: Db, name: string) => Promise<One>;
  /** As the audit log keeps it; null when there is none of this name. */
  readonly look: (database: Database, name: string, now: UnixSeconds) => Promise<unknown>;
  readonly linesOf: (one: One) => ListedLines;
  /** Settles what waits of a line that is skipped from now on. */
  readonly settleSkipped: (tx: Db, one: One, line: string, asked: Asked) => Promise<void>;
  /** Has a line taken that is skipped no more. */
  readonly takeUpAgain: (tx: Db, one: One, line: string, asked: Asked) => Promise<void>;
  /** Makes due what was refused for its signature; answers the lines. */
  readonly tryUntrustedAgain: (tx: Db, one: One, now: UnixSeconds) => Promise<readonly string[]>;
  readonly removal: Removal<One>;
}

/** What the owner of the lines knows of them. */
interface ListedLines {
  /** What became of the line so far. */
  readonly standing: (tx: Db, line: string) => Promise<LineStanding>;
  /** The lines that wait, one of which a mistyped line may mean. */
  readonly waiting: (tx: Db) => Promise<readonly string[]>;
}

interface Removal<One extends Follower> {
  /** Whether it ever took anything. */
  readonly hasTaken: (tx: Db, one: One) => Promise<boolean>;
  /** Whether a worker is at one of its archives. */
  readonly isBusy: (tx: Db, one: One, now: UnixSeconds) => Promise<boolean>;
  /** Deletes what belongs to it alone. What it brought stays, and is no other's. */
  readonly deleteRows: (tx: Db, one: One) => Promise<void>;
}
