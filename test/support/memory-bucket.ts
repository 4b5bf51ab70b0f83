// A bucket in memory that answers as the services do: tags of its own, conditions, and answers that get lost.

import {
  type Bucket,
  type BucketStream,
  bucketError,
  type WriteResult,
} from "../../src/platform/blobs/bucket/bucket.ts";

/** What happens to one write: it is done and answered, done and its answer lost, lost itself, done late, or twice. */
export type WriteFate = "answered" | "answer lost" | "request lost" | "others write" | "arrives late" | "repeated";

interface Stored {
  readonly bytes: Uint8Array;
  readonly tag: string;
  readonly mark: string;
}

export interface MemoryBucket {
  readonly bucket: Bucket;
  readonly objects: Map<string, Stored>;
  /** Of the next writes, in order; all others are answered. */
  readonly fates: WriteFate[];
  /** How many of the next calls that read find no service. */
  unreachable: number;
  calls: number;
}

export function createMemoryBucket(): MemoryBucket {
  const objects = new Map<string, Stored>();
  let writes = 0;
  const late: (() => void)[] = [];

  const state: MemoryBucket = { bucket: createBucket(), objects, fates: [], unreachable: 0, calls: 0 };
  return state;

  function read<T>(work: () => T): Promise<T> {
    state.calls++;
    if (state.unreachable > 0) {
      state.unreachable--;
      return Promise.reject(bucketError(503, "SlowDown", "come again"));
    }
    return Promise.resolve(work());
  }

  function createBucket(): Bucket {
    return {
      place: "memory://bucket",
      get: (key) =>
        read(() => {
          const stored = objects.get(key);
          return stored === undefined ? null : { ...stored, bytes: stored.bytes.slice() };
        }),
      stat: (key) =>
        read(() => {
          const stored = objects.get(key);
          return stored === undefined ? null : { byteCount: stored.bytes.length, tag: stored.tag, mark: stored.mark };
        }),
      open: (key, tag, { start, end }) =>
        read(() => {
          const stored = objects.get(key);
          return stored?.tag === tag ? streamOf(stored.bytes.slice(start, end)) : null;
        }),
      async write(key, { bytes, condition, mark }) {
        state.calls++;
        const write = (): WriteResult => {
          const current = objects.get(key);
          if (condition.kind === "absent" && current !== undefined) return "refused";
          if (condition.kind === "tag" && current?.tag !== condition.tag) return "refused";
          objects.set(key, { bytes: bytes.slice(), tag: `generation-${++writes}`, mark });
          return "written";
        };
        const fate = state.fates.shift() ?? "answered";
        if (fate === "arrives late") late.push(write);
        else for (const arrive of late.splice(0)) arrive();
        if (fate === "others write") return "unknown";
        if (fate === "request lost" || fate === "arrives late") throw bucketError(null, "", "the connection broke");
        const outcome = fate === "repeated" ? (write(), write()) : write();
        if (fate === "answer lost") throw bucketError(null, "", "the connection broke");
        return outcome;
      },
      delete: (key) => read(() => void objects.delete(key)),
      list: (prefix, atMost) =>
        read(() => [...objects.keys()].filter((key) => key.startsWith(prefix)).slice(0, atMost ?? undefined)),
    };
  }
}

function streamOf(bytes: Uint8Array): BucketStream {
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += 1_000) yield bytes.subarray(at, at + 1_000);
  }
  const iterator = pieces();
  return { [Symbol.asyncIterator]: () => iterator, destroy: () => undefined };
}
