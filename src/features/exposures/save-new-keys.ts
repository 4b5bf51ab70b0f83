// The short way for keys that are probably new: at most one look for all of them, and nothing is merged.

import type { KeyBatch } from "../../core/key-batch.ts";
import { pick, sortedPositions } from "../../core/sort-keys.ts";
import type { Db } from "../../platform/database/database.ts";
import type { Statement } from "../../platform/database/statement.ts";
import { applyAwaitedRevisions } from "./apply-awaited-revisions.ts";
import type { SaveRequest } from "./exposure-types.ts";
import { hexKeys } from "./hex-keys.ts";
import { timed } from "./key-changes.ts";
import { beginSave, insertNewKeys } from "./queries.ts";
import { contextOf, type SaveSettings } from "./save-context.ts";

export type NewKeys = Pick<SaveRequest, "origin" | "regions" | "traveler" | "now" | "primaries">;

export interface NewKeySave {
  /** The candidates that are stored already, in hex. */
  readonly stored: ReadonlySet<string>;
  /**
   * Saves primaries that are not stored, each named once; for exports the same as `saveKeys`. What somebody else has
   * stored meanwhile makes it fail with a unique violation: then the transaction is lost, and the next one sees it.
   * Changes `beside` are made by the same statement, which spares the way to the database for each.
   */
  insert(request: NewKeys, beside?: readonly Statement[]): Promise<void>;
}

/**
 * Begins a save inside the caller's transaction, and looks for `candidates`; who names none takes it that no key is
 * stored.
 */
export async function beginNewKeys(tx: Db, candidates: KeyBatch, settings: SaveSettings): Promise<NewKeySave> {
  const start = await beginSave(tx, candidates);
  return {
    stored: hexKeys(start.stored),
    async insert(request, beside = []) {
      const context = contextOf(tx, start, request, settings);
      // In ascending order, so that two saves cannot wait for each other.
      const ascending = pick(request.primaries, sortedPositions(request.primaries));
      await insertNewKeys(tx, timed(context, ascending), context, beside);
      await applyAwaitedRevisions(context, ascending);
    },
  };
}
