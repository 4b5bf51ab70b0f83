// Publishing content at a location: filter, seal, write the object, commit. The index follows from what is committed.

import type { ArchiveErrorCode, ArchiveTools } from "../../archive/archive-types.ts";
import { buildArchive } from "../../archive/build-archive.ts";
import { verifyArchive } from "../../archive/open-archive.ts";
import type { UnixSeconds } from "../../core/clock.ts";
import { CodedError, codeOf } from "../../core/coded-error.ts";
import { KeyBatch } from "../../core/key-batch.ts";
import { releaseBytes } from "../../core/release-bytes.ts";
import type { Database } from "../../platform/database/database.ts";
import { commitObject, sortedRecords } from "./commit-object.ts";
import { currentSeal, sealSigner, sealsAsTrustedKeys } from "./current-seal.ts";
import type { LocationDeps } from "./location-deps.ts";
import type {
  AppendOutcome,
  CommitSupply,
  Location,
  LocationErrorCode,
  RemainingContent,
  Seal,
  Supply,
} from "./location-types.ts";
import type { PublishedMemory } from "./published-memory.ts";
import { readSeals } from "./queries.ts";
import { reconcileIndex } from "./reconcile-index.ts";
import { storeObject } from "./store-object.ts";

const ATTEMPTS = 5;

export interface AppendDeps extends LocationDeps {
  readonly memory: PublishedMemory;
}

/**
 * Publishes what of `supply` is new at the location, as one archive behind everything published there; nothing
 * remains: no archive. `commit` runs in the transaction that commits the archive. A crash before that transaction
 * leaves an object that nobody lists, and its name is never used again.
 *
 * Throws CodedError<LocationErrorCode>, the codes of the blob store and of the signing keys; `location_contended` when
 * others kept committing in between.
 */
export async function appendArchive(
  deps: AppendDeps,
  name: string,
  supply: Supply,
  now: UnixSeconds,
  commit: CommitSupply,
): Promise<AppendOutcome> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const location = await reconcileIndex(deps, name, now);
    const published = deps.memory.heldOf(deps.database.db, location.id, [supply.primaries, supply.revised]);
    const remaining = await deps.filter(supply.primaries, supply.revised, published);
    const outcome =
      remaining.primaries.length + remaining.revised.length === 0
        ? await commitNothing(deps.database, remaining, commit)
        : await commitArchive(deps, location, supply, remaining, now, commit);
    if (outcome) return outcome;
  }
  throw new CodedError<LocationErrorCode>("location_contended", `other writers kept publishing at "${name}"`, {
    remedy: "Nothing is lost; the next run tries again.",
  });
}

/** Commits the supplier's record of content of which nothing is new here. */
export async function commitNothing(
  database: Database,
  remaining: RemainingContent,
  commit: CommitSupply,
): Promise<AppendOutcome> {
  const outcome = { remaining, padding: KeyBatch.empty, archive: null };
  await database.transaction((tx) => commit(tx, outcome));
  return outcome;
}

/** null when another writer committed in between: the content has to be filtered again. */
async function commitArchive(
  deps: AppendDeps,
  location: Location,
  supply: Supply,
  remaining: RemainingContent,
  now: UnixSeconds,
  commit: CommitSupply,
): Promise<AppendOutcome | null> {
  const padding = supply.pad?.(remaining) ?? KeyBatch.empty;
  const primaries = KeyBatch.concat([remaining.primaries, padding]);
  const seal = currentSeal(location, await readSeals(deps.database.db, location.id), now);
  const content = { region: supply.region, primaries, revised: remaining.revised };
  const written = await storeObject(deps.blobs, location, supply, now, (window) =>
    sealContent(deps, seal, content, window),
  );
  const outcome: AppendOutcome = {
    remaining,
    padding,
    archive: { line: written.line, seq: location.nextSeq, digest: written.digest },
  };
  const committed = await commitObject(deps, location, supply.supplier, written, content, now, (tx) =>
    commit(tx, outcome),
  );
  if (committed) deps.memory.remember(location.id, written.digest, await sortedRecords(content));
  return committed ? outcome : null;
}

/** Builds the archive under the seal, and verifies it as a phone would before anybody can see it. */
async function sealContent(
  deps: LocationDeps,
  seal: Seal,
  content: Pick<Supply, "region" | "primaries" | "revised">,
  window: { start: UnixSeconds; end: UnixSeconds },
): Promise<{ bytes: Uint8Array; digest: string }> {
  const signers = [sealSigner(seal, deps.signingKeys)];
  const built = await buildArchive({ ...content, ...window, signers }, deps.archiveTools);
  await requireOwnSeal(built.bytes, seal, deps.archiveTools);
  return built;
}

const SEAL_FAULTS = new Set<string>(["archive_untrusted", "archive_signature_invalid"] satisfies ArchiveErrorCode[]);

/**
 * Unpacks what was built and verifies it as a phone would: a signer that used another key version must not reach the index
 * (KS X6). What was signed is what was encoded, so the keys need not be read again.
 */
async function requireOwnSeal(bytes: Uint8Array, seal: Seal, tools: ArchiveTools): Promise<void> {
  try {
    const { exportBin } = await verifyArchive(bytes, { trustedKeys: sealsAsTrustedKeys([seal], tools), now: 0 }, tools);
    if (exportBin.buffer !== bytes.buffer) releaseBytes(exportBin);
  } catch (cause) {
    if (!SEAL_FAULTS.has(codeOf(cause) ?? "")) throw cause;
    throw new CodedError<LocationErrorCode>(
      "location_seal_invalid",
      `the signing key "${seal.signingKey}" does not make signatures for ${seal.keyId} ${seal.keyVersion}`,
      { cause, remedy: "Give the seal the public key that belongs to its signing key." },
    );
  }
}
