// The contract of object storage, put to the stores that need nothing else.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { createBucketBlobs } from "../../src/platform/blobs/bucket/bucket-blobs.ts";
import { openFilesystemBlobs } from "../../src/platform/blobs/filesystem-blobs.ts";
import { createMemoryBlobs } from "../../src/platform/blobs/memory-blobs.ts";
import { describeBlobStore } from "../support/blob-store-contract.ts";
import { createMemoryBucket } from "../support/memory-bucket.ts";

const root = await mkdtemp(join(tmpdir(), "enks-blobs-"));
afterAll(() => rm(root, { recursive: true }));

describeBlobStore("filesystem", async () => openFilesystemBlobs(await mkdtemp(join(root, "store-"))));
describeBlobStore("memory", async () => createMemoryBlobs());
describeBlobStore("bucket", async () => createBucketBlobs(createMemoryBucket().bucket, "some/prefix"));
