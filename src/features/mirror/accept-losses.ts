// Accepting that a mirror's source has withdrawn archives, on an operator's word and with the reason.

import { CodedError } from "../../core/coded-error.ts";
import type { Db } from "../../platform/database/database.ts";
import type { Asked } from "../upstreams/skip-queries.ts";
import { readOpenLosses, writeAcceptance } from "./loss-queries.ts";
import { mirrorKind } from "./mirror-kind.ts";
import type { MirrorErrorCode } from "./mirror-types.ts";

/**
 * Exactly what `fingerprint` stands for: what goes missing after somebody has looked stops the mirror again. What the
 * mirror published of it stays. Answers how many. Throws `mirror_unknown`, `mirror_loss_missing`, `mirror_loss_conflict`.
 */
export async function acceptLosses(
  tx: Db,
  name: string,
  { fingerprint, reason }: { readonly fingerprint: string; readonly reason: string },
  asked: Asked,
): Promise<number> {
  const { id } = await mirrorKind.lock(tx, name);
  const open = await readOpenLosses(tx, id, 0);
  if (open.count === 0) throw failure("mirror_loss_missing", "its source has withdrawn nothing", "Look at the mirror.");
  if (open.fingerprint !== fingerprint) {
    throw failure(
      "mirror_loss_conflict",
      "its source has withdrawn something else meanwhile",
      "Look at the loss again.",
    );
  }
  await writeAcceptance(tx, id, reason.trim(), asked);
  return open.count;
}

function failure(code: MirrorErrorCode, message: string, remedy: string): CodedError {
  return new CodedError(code, message, { remedy });
}
