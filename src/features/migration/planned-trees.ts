// The public trees of a plan, with their keys parsed.

import { type ArchiveTools, STRICT_PROFILE, type TrustedKey } from "../../archive/archive-types.ts";
import { DEFAULT_LISTING_FORMAT } from "../../archive/listing/listing-reader.ts";
import { parsePublicKey } from "../../archive/parse-public-key.ts";
import { HOUR, type UnixSeconds } from "../../core/clock.ts";
import { parseInstant } from "../../platform/http/admin/admin-schemas.ts";
import type { PublicTree } from "../../proof/proof-types.ts";
import type { CoverageQuestion } from "../../proof/prove-coverage.ts";
import { planDigest } from "./plan-digest.ts";
import { type MigrationPlan, type PlannedTree, USUAL_LAG_HOURS } from "./plan-form.ts";

/** Throws CodedError `public_key_invalid`. */
export function publicTree(tree: PlannedTree, archiveTools: ArchiveTools): PublicTree {
  const { name, indexUrl, baseUrl, publicKeys } = tree;
  const { otherEntries, batchParts, onsetCodes } = { ...STRICT_PROFILE, ...tree };
  const trustedKeys = publicKeys.map(
    ({ keyId, keyVersion, publicKeyPem, from, until }): TrustedKey => ({
      keyId,
      keyVersion,
      publicKey: parsePublicKey(publicKeyPem, archiveTools),
      from: from === undefined ? 0 : parseInstant(from),
      until: typeof until === "string" ? parseInstant(until) : null,
    }),
  );
  const profile = { otherEntries, batchParts, onsetCodes };
  return { name, listingFormat: DEFAULT_LISTING_FORMAT, indexUrl, baseUrl, trustedKeys, profile };
}

/**
 * What a plan asks of a coverage proof: every key that phones find in the state's trees is in the national exports, and,
 * where the state has a second tree, at the client location. Throws CodedError `public_key_invalid`.
 */
export function coverageQuestion(plan: MigrationPlan, now: UnixSeconds, archiveTools: ArchiveTools): CoverageQuestion {
  const { state, nation, lagHours = USUAL_LAG_HOURS } = plan;
  const toTree = (tree: PlannedTree) => publicTree(tree, archiveTools);
  const client = toTree(state.client);
  const national = { name: "national exports", trees: nation.exports.map(toTree) };
  const atClient = state.second === undefined ? [] : [{ name: "client location", trees: [client] }];
  return {
    state: state.second === undefined ? [client] : [client, toTree(state.second)],
    places: [national, ...atClient],
    now,
    planDigest: planDigest(plan),
    lagSeconds: lagHours * HOUR,
  };
}
