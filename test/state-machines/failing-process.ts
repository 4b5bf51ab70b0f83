// A process that breaks at one effect: once, or for good, as one that was killed.

import * as fc from "fast-check";
import type { BlobStore } from "../../src/platform/blobs/blob-store.ts";
import type { Database } from "../../src/platform/database/database.ts";

export interface Failure {
  /** The number of the effect, from 0. */
  readonly at: number;
  readonly when: "before" | "after";
  /** Nothing works afterwards. */
  readonly isFinal: boolean;
}

export const anyFailure: fc.Arbitrary<Failure> = fc.record({
  at: fc.nat(12),
  when: fc.constantFrom("before", "after"),
  isFinal: fc.boolean(),
});

export function nameFailure({ at, when, isFinal }: Failure): string {
  return `${isFinal ? "dies" : "fails"} ${when} effect ${at}`;
}

const DEATH = "the process died";

/** Its database and objects; each transaction, write and deletion is an effect. */
export class FailingProcess {
  private effects = 0;
  private isDead = false;
  private readonly plan: Failure;

  constructor(plan: Failure) {
    this.plan = plan;
  }

  database(inner: Database): Database {
    return { ...inner, transaction: (work) => this.around(() => inner.transaction(work)) };
  }

  blobs(inner: BlobStore): BlobStore {
    return {
      ...inner,
      put: (name, bytes, options) => this.around(() => inner.put(name, bytes, options)),
      delete: (name) => this.around(() => inner.delete(name)),
    };
  }

  private async around<T>(effect: () => Promise<T>): Promise<T> {
    if (this.isDead) throw new Error(DEATH);
    const isPlanned = this.effects++ === this.plan.at;
    this.isDead = isPlanned && this.plan.isFinal;
    if (isPlanned && this.plan.when === "before") throw new Error(DEATH);
    const result = await effect();
    if (isPlanned) throw new Error(DEATH);
    return result;
  }
}

/** Does `work`, which the death may end. */
export async function untilDeath(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!String(error).includes(DEATH)) throw error;
  }
}
