// The store of published objects that a configuration names.

import { invalidConfig } from "../config/config-error.ts";
import type { Environment } from "../config/read-variables.ts";
import type { AzurePlace, BlobsConfig } from "../config/resolve-blobs.ts";
import { type LoadModule, loadPeer } from "../peers/load-peer.ts";
import type { BlobStore } from "./blob-store.ts";
import { type AzureAccess, type AzureIdentity, type AzureSdk, openAzureBucket } from "./bucket/azure-bucket.ts";
import type { Bucket } from "./bucket/bucket.ts";
import { createBucketBlobs } from "./bucket/bucket-blobs.ts";
import { type GoogleAuthLibrary, openGcsBucket } from "./bucket/gcs-bucket.ts";
import { openS3Bucket, type S3Sdk } from "./bucket/s3-bucket.ts";
import { openFilesystemBlobs } from "./filesystem-blobs.ts";
import { createMemoryBlobs } from "./memory-blobs.ts";

/**
 * Makes a folder that is missing; a bucket has to be there. Throws `adapter_missing` where the library of a service is not
 * installed, and the codes of the store.
 */
export async function openBlobs(config: BlobsConfig, environment: Environment, load?: LoadModule): Promise<BlobStore> {
  if (config.kind === "filesystem") return openFilesystemBlobs(config.folder);
  if (config.kind === "memory") return createMemoryBlobs();
  return createBucketBlobs(await openBucket(config, environment, load), config.prefix);
}

async function openBucket(
  config: Exclude<BlobsConfig, { readonly kind: "filesystem" | "memory" }>,
  environment: Environment,
  load: LoadModule | undefined,
): Promise<Bucket> {
  const wantedBy = `blobs.kind ${config.kind}`;
  if (config.kind === "s3") {
    return openS3Bucket(await loadPeer<S3Sdk>("@aws-sdk/client-s3", wantedBy, load), config, config.prefix);
  }
  if (config.kind === "gcs") {
    const library = await loadPeer<GoogleAuthLibrary>("google-auth-library", wantedBy, load);
    return openGcsBucket(library, config, config.prefix);
  }
  const sdk = await loadPeer<AzureSdk>("@azure/storage-blob", wantedBy, load);
  return openAzureBucket(sdk, await azureAccess(config, environment, wantedBy, load), config.bucket, config.prefix);
}

const CONNECTION_VARIABLE = "AZURE_STORAGE_CONNECTION_STRING";

/** A connection string where the environment has one; else whatever identity the process runs under. */
async function azureAccess(
  { endpoint }: AzurePlace,
  environment: Environment,
  wantedBy: string,
  load: LoadModule | undefined,
): Promise<AzureAccess> {
  const connection = environment[CONNECTION_VARIABLE] ?? "";
  if (connection !== "") return { connection };
  if (endpoint === null) {
    throw invalidConfig([`blobs.endpoint is missing: the account's URL, or ${CONNECTION_VARIABLE} in the environment`]);
  }
  const identity = await loadPeer<AzureIdentity>("@azure/identity", wantedBy, load);
  return { endpoint, credential: new identity.DefaultAzureCredential() };
}
