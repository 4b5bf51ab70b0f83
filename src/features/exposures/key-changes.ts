// What a save changes of stored keys, collected key by key and written as one statement for each kind of change.

import type { ExposureKey } from "../../core/exposure-key.ts";
import { type KeyBatch, KeyBatchBuilder } from "../../core/key-batch.ts";
import { finalValues, type KeyRight, type RevisableValues } from "../../core/merge-key.ts";
import type { KeyOrigin } from "./exposure-types.ts";
import { supplierIds } from "./judge-right.ts";
import { awaitRevisions, displaceKeys, type StoredExposure, writeClaims, writeRevisions } from "./queries.ts";
import type { SaveContext } from "./save-context.ts";
import { withTimes } from "./timed-records.ts";

/** Each change is made to the stored key at once as well, for what else the save says of it. */
export class KeyChanges {
  /** Revisions that are kept for later. */
  readonly awaited = new KeyBatchBuilder();
  /** What the supplier has come to own. */
  readonly owned = new KeyBatchBuilder();
  readonly #displaced = new KeyBatchBuilder();
  /** By whose word the values are: an owner's, a claimant's, or as before. */
  readonly #claims = {
    owners: new KeyBatchBuilder(),
    claimants: new KeyBatchBuilder(),
    asBefore: new KeyBatchBuilder(),
  };
  readonly #revisions = { owners: new KeyBatchBuilder(), claimants: new KeyBatchBuilder() };

  displace(existing: StoredExposure, incoming: ExposureKey, origin: KeyOrigin): void {
    this.#displaced.add(incoming);
    this.owned.add(incoming);
    const { rollingStart, rollingPeriod, transmissionRisk, reportType, daysSinceOnset } = incoming;
    const values = { rollingStart, rollingPeriod, transmissionRisk, reportType, daysSinceOnset };
    const owners = supplierIds(origin).slice(0, 1);
    Object.assign(existing, values, { originKind: origin.kind, owners, isClaimantsWord: false, revision: null });
  }

  claim(existing: StoredExposure, incoming: ExposureKey, origin: KeyOrigin): void {
    const isFirst = existing.owners.length === 0;
    const vouches = finalValues(existing).reportType === incoming.reportType;
    this.#claims[isFirst ? (vouches ? "owners" : "claimants") : "asBefore"].add(incoming);
    this.owned.add(incoming);
    existing.owners = [...existing.owners, ...supplierIds(origin).slice(0, 1)];
    if (isFirst) existing.isClaimantsWord = !vouches;
  }

  revise(existing: StoredExposure, incoming: ExposureKey, values: RevisableValues, right: KeyRight): void {
    const isClaimants = right === "claimant";
    this.#revisions[isClaimants ? "claimants" : "owners"].add(withValues(incoming, values));
    existing.revision = values;
    existing.isClaimantsWord = isClaimants;
  }

  async write(context: SaveContext): Promise<void> {
    const { tx, origin } = context;
    await displaceKeys(tx, timed(context, this.#displaced.build()), context);
    const [supplierId] = supplierIds(origin);
    if (supplierId !== undefined) {
      await writeClaims(tx, this.#claims.owners.build().bytes, supplierId, false);
      await writeClaims(tx, this.#claims.claimants.build().bytes, supplierId, true);
      await writeClaims(tx, this.#claims.asBefore.build().bytes, supplierId, null);
    }
    await writeRevisions(tx, timed(context, this.#revisions.owners.build()), false);
    await writeRevisions(tx, timed(context, this.#revisions.claimants.build()), true);
    await awaitRevisions(tx, this.awaited.build().bytes, context);
  }
}

/** The key's bytes and interval with other values. */
export function withValues(key: ExposureKey, values: RevisableValues): ExposureKey {
  const { reportType, transmissionRisk, daysSinceOnset } = values;
  return { ...key, reportType, transmissionRisk, daysSinceOnset };
}

export function timed(context: SaveContext, batch: KeyBatch): Uint8Array {
  return withTimes(batch, (index) => context.releasedAt(batch, index));
}
