// Stores of every service in a bucket of its counterpart, opened as a configuration would open them.

import { randomUUID } from "node:crypto";
import type { BlobStore } from "../../src/platform/blobs/blob-store.ts";
import { openBlobs } from "../../src/platform/blobs/open-blobs.ts";
import type { BlobsConfig } from "../../src/platform/config/resolve-blobs.ts";
import {
  loadLibrary,
  type RunningCounterpart,
  S3_CREDENTIALS,
  startAzurite,
  startFakeGcs,
  startVersitygw,
} from "./counterparts.ts";

export const BUCKET = "enks-test";

export interface BucketService {
  start(): Promise<RunningCounterpart>;
  /** Makes the bucket. */
  prepare(endpoint: string): Promise<void>;
  configFor(endpoint: string, prefix: string): BlobsConfig;
  environmentFor(endpoint: string): Readonly<Record<string, string>>;
}

/** The account and the key that the emulator is published with. */
const AZURITE_ACCOUNT = "devstoreaccount1";
const AZURITE_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

export const SERVICES = {
  s3: {
    start: startVersitygw,
    async prepare(endpoint) {
      const { S3Client, CreateBucketCommand } = (await loadLibrary("@aws-sdk/client-s3")) as S3Administration;
      const credentials = {
        accessKeyId: S3_CREDENTIALS.AWS_ACCESS_KEY_ID,
        secretAccessKey: S3_CREDENTIALS.AWS_SECRET_ACCESS_KEY,
      };
      const client = new S3Client({ endpoint, region: "us-east-1", forcePathStyle: true, credentials });
      await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
    },
    configFor: (endpoint, prefix) => {
      return { kind: "s3", bucket: BUCKET, prefix, endpoint, region: "us-east-1", pathStyle: true };
    },
    environmentFor: () => S3_CREDENTIALS,
  },
  gcs: {
    start: startFakeGcs,
    async prepare(endpoint) {
      const body = JSON.stringify({ name: BUCKET });
      await fetch(`${endpoint}/storage/v1/b?project=test`, { method: "POST", body });
    },
    configFor: (endpoint, prefix) => ({ kind: "gcs", bucket: BUCKET, prefix, endpoint }),
    environmentFor: () => ({}),
  },
  azure: {
    start: startAzurite,
    async prepare(endpoint) {
      const { BlobServiceClient } = (await loadLibrary("@azure/storage-blob")) as AzureAdministration;
      await BlobServiceClient.fromConnectionString(azureConnection(endpoint)).createContainer(BUCKET);
    },
    configFor: (_endpoint, prefix) => ({ kind: "azure", bucket: BUCKET, prefix, endpoint: null }),
    environmentFor: (endpoint) => ({ AZURE_STORAGE_CONNECTION_STRING: azureConnection(endpoint) }),
  },
} as const satisfies Record<string, BucketService>;

export type ServiceName = keyof typeof SERVICES;

/** The libraries read some variables themselves: they are set for the whole process. */
export function openServiceStore(service: BucketService, endpoint: string, prefix: string): Promise<BlobStore> {
  const environment = service.environmentFor(endpoint);
  Object.assign(process.env, environment);
  return openBlobs(service.configFor(endpoint, prefix), environment, loadLibrary);
}

export function freshPrefix(): string {
  return `tests/${randomUUID()}`;
}

function azureConnection(endpoint: string): string {
  return `DefaultEndpointsProtocol=http;AccountName=${AZURITE_ACCOUNT};AccountKey=${AZURITE_KEY};BlobEndpoint=${endpoint}/${AZURITE_ACCOUNT};`;
}

interface S3Administration {
  readonly S3Client: new (config: object) => { send(command: unknown): Promise<unknown> };
  readonly CreateBucketCommand: new (input: object) => unknown;
}

interface AzureAdministration {
  readonly BlobServiceClient: {
    fromConnectionString(text: string): { createContainer(name: string): Promise<unknown> };
  };
}
