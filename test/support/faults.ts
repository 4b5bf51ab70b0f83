// A process that dies at one chosen effect: right before it, or right after it, when its answer never arrives.

import type { BlobStore } from "../../src/platform/blobs/blob-store.ts";
import type { Database } from "../../src/platform/database/database.ts";

export interface FaultPlan {
  /** The number of the effect, from 0. */
  readonly at: number;
  readonly when: "before" | "after";
}

class ProcessDied extends Error {
  constructor(when: FaultPlan["when"]) {
    super(`the process died ${when} the effect`);
  }
}

/** Ends well as soon as the process that runs it has died; rejects for any other reason. */
export async function untilItDies(run: Promise<unknown>): Promise<void> {
  await run.catch((error: unknown) => {
    if (!(error instanceof ProcessDied)) throw error;
  });
}

/** Counts effects and dies at the planned one; afterwards, as after a restart, everything works. */
export class Faults {
  /** Whether the planned effect was reached. */
  happened = false;
  private count = 0;
  private readonly plan: FaultPlan;

  constructor(plan: FaultPlan) {
    this.plan = plan;
  }

  private async around<T>(effect: () => Promise<T>): Promise<T> {
    const isPlanned = this.count++ === this.plan.at;
    if (isPlanned) this.happened = true;
    if (isPlanned && this.plan.when === "before") throw new ProcessDied("before");
    const result = await effect();
    if (isPlanned) throw new ProcessDied("after");
    return result;
  }

  /** Every put and delete is an effect. */
  blobs(inner: BlobStore): BlobStore {
    return {
      ...inner,
      put: (name, bytes, options) => this.around(() => inner.put(name, bytes, options)),
      delete: (name) => this.around(() => inner.delete(name)),
    };
  }

  /** Every transaction is an effect. */
  database(inner: Database): Database {
    return { ...inner, transaction: (work) => this.around(() => inner.transaction(work)) };
  }
}

/**
 * Calls `run` with a fault at every `step`-th effect in turn, before and after it, until `run` has none left to fail;
 * answers how often it did.
 */
export async function forEachFault(run: (faults: Faults) => Promise<void>, step: number): Promise<number> {
  let runs = 0;
  for (const when of ["before", "after"] as const) {
    for (let at = 0; ; at += step) {
      const faults = new Faults({ at, when });
      await run(faults);
      if (!faults.happened) break;
      runs++;
    }
  }
  return runs;
}
