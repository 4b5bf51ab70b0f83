// The keys of a correct server, and which of them belong into a window; hours instead of seconds.

import type { ArchiveContent } from "../../observe/observed-archive.ts";

export interface ModelStore {
  enter(record: string, releasedHour: number): void;
  revise(record: string, now: number): void;
  /** Takes the content of an imported archive; again makes no difference. */
  take(content: ArchiveContent, now: number): void;
  /** Start included, end excluded; with the values in force. */
  keysOfWindow(start: number, end: number): { primaries: string[]; revised: string[] };
}

interface Stored {
  record: string;
  readonly released: number;
  revised: number | null;
}

export function createModelStore(): ModelStore {
  const stored = new Map<string, Stored>();

  function enter(record: string, released: number): void {
    stored.set(record.slice(0, 32), { record, released, revised: null });
  }

  function revise(record: string, now: number): void {
    const known = stored.get(record.slice(0, 32));
    if (known === undefined) enter(record, now);
    else if (known.record !== record) Object.assign(known, { record, revised: now });
  }

  return {
    enter,
    revise,
    take({ primaries, revised }, now) {
      for (const record of primaries) if (!stored.has(record.slice(0, 32))) enter(record, now);
      for (const record of revised) revise(record, now);
    },
    keysOfWindow(start, end) {
      const all = [...stored.values()];
      const isIn = (at: number | null) => at !== null && start <= at && at < end;
      return {
        primaries: all.filter(({ released }) => isIn(released)).map(({ record }) => record),
        revised: all.filter(({ released, revised }) => released < start && isIn(revised)).map(({ record }) => record),
      };
    },
  };
}
