// A process that adds lines to one index in a bucket by compare-and-set: the service, its address, the prefix, its own
// name and how many lines.

import { codeOf } from "../../src/core/coded-error.ts";
import { openServiceStore, SERVICES, type ServiceName } from "./bucket-stores.ts";

const [service = "s3", endpoint = "", prefix = "", writer = "", count = "0"] = process.argv.slice(2);
const blobs = await openServiceStore(SERVICES[service as ServiceName], endpoint, prefix);
const INDEX = "index.txt";
const HEADERS = { contentType: "text/plain", cacheControl: "no-cache" };

for (let done = 0; done < Number(count); ) {
  const line = `${writer}-${done}`;
  try {
    const before = await blobs.get(INDEX);
    const lines = before === null ? [] : new TextDecoder().decode(before.bytes).split("\n");
    // An earlier attempt of ours from which somebody has gone on.
    if (!lines.includes(line)) {
      const condition = before === null ? { ifAbsent: true as const } : { ifVersion: before.version };
      const text = new TextEncoder().encode([...lines, line].join("\n"));
      await blobs.put(INDEX, text, { ...HEADERS, ...condition });
    }
    done++;
  } catch (error) {
    if (!["blob_conflict", "blob_storage_failed"].includes(codeOf(error) ?? "")) throw error;
  }
}
