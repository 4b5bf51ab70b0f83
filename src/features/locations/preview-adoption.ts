// What taking over a tree would bring: it is carried out to the end, every archive verified, and taken back.

import { isoTime, type UnixSeconds } from "../../core/clock.ts";
import { joinTransaction } from "../../platform/database/join-transaction.ts";
import type { Effect, PreviewBody } from "../../platform/http/admin/preview-schemas.ts";
import { reportNothing } from "../../platform/observe/report.ts";
import { adoptLocation } from "./create-location.ts";
import type { LocationDeps } from "./location-deps.ts";
import { type Adopted, readAdopted } from "./overview-queries.ts";
import { requireLocation } from "./reconcile-index.ts";

class TakenBack extends Error {
  readonly adopted: Adopted;

  constructor(adopted: Adopted) {
    super("only looked at");
    this.adopted = adopted;
  }
}

/** Throws what `adoptLocation` throws, with the archive that cannot be taken over. */
export async function previewAdoption(deps: LocationDeps, name: string, now: UnixSeconds): Promise<PreviewBody> {
  const { id } = await requireLocation(deps, name);
  try {
    await deps.database.transaction(async (tx) => {
      const database = joinTransaction(deps.database.kind, tx);
      await adoptLocation({ ...deps, database, report: reportNothing }, name, now);
      throw new TakenBack(await readAdopted(tx, id, now));
    });
  } catch (error) {
    if (error instanceof TakenBack) return { effects: effectsOfAdoption(error.adopted), doubts: [] };
    throw error;
  }
  throw new Error("an adoption that was only looked at was made");
}

/** Pure. */
export function effectsOfAdoption({ archives, keys, due, dueKeys, lastEndAt }: Adopted): Effect[] {
  const stays: Effect = {
    who: "all phones",
    from: null,
    what: `find the same ${archives} archives (${keys} keys) under the same names; new lines come behind them, with windows from ${isoTime(lastEndAt)} on`,
    weight: "stays",
  };
  if (due === 0) return [stays];
  const what = `never get the keys of ${due} archives (${dueKeys} keys) that are older than the retention: they leave the index at once`;
  return [stays, { who: "phones that have not read them yet", from: null, what, weight: "loses" }];
}
