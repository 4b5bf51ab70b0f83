// A container of Azure Blob Storage.

import { createHash } from "node:crypto";
import { type Bucket, BucketError, type BucketStream, bucketError, MARK_NAME, type WriteCondition } from "./bucket.ts";
import { wholeBytes } from "./whole-bytes.ts";

/** What is used of `@azure/storage-blob`. */
export interface AzureSdk {
  readonly ContainerClient: new (url: string, credential: unknown, options: object) => AzureContainer;
  readonly BlobServiceClient: {
    fromConnectionString(text: string, options: object): { getContainerClient(name: string): AzureContainer };
  };
}

/** What is used of `@azure/identity`. */
export interface AzureIdentity {
  readonly DefaultAzureCredential: new () => unknown;
}

interface AzureContainer {
  getBlockBlobClient(name: string): AzureBlob;
  listBlobsFlat(options: { readonly prefix: string; readonly abortSignal: AbortSignal }): {
    byPage(options: { readonly maxPageSize?: number }): AsyncIterable<AzurePage>;
  };
}

interface AzurePage {
  readonly segment: { readonly blobItems: readonly { readonly name: string }[] };
}

interface Asked {
  readonly abortSignal: AbortSignal;
  readonly conditions?: { readonly ifMatch?: string; readonly ifNoneMatch?: string };
}

interface AzureProperties {
  readonly etag?: string;
  readonly contentLength?: number;
  readonly metadata?: Readonly<Record<string, string>>;
}

interface AzureBlob {
  upload(body: Uint8Array, length: number, options: Asked & Readonly<Record<string, unknown>>): Promise<unknown>;
  download(
    offset: number,
    count: number | undefined,
    options: Asked & { readonly maxRetryRequests: 0 },
  ): Promise<{ readonly etag?: string; readonly contentLength?: number; readonly readableStreamBody?: BucketStream }>;
  getProperties(options: Asked): Promise<AzureProperties>;
  delete(options: Asked): Promise<unknown>;
}

/** How the account is found and entered: `connection` is what people put into AZURE_STORAGE_CONNECTION_STRING. */
export type AzureAccess = { readonly connection: string } | { readonly endpoint: string; readonly credential: unknown };

export function openAzureBucket(sdk: AzureSdk, access: AzureAccess, containerName: string, prefix: string): Bucket {
  const container = openContainer(sdk, access, containerName);
  const blobOf = (key: string) => container.getBlockBlobClient(key);

  return {
    place: `azure://${containerName}/${prefix}`,
    get: (key, abortSignal) =>
      unlessMissing(async () => {
        const found = await blobOf(key).download(0, undefined, { abortSignal, maxRetryRequests: 0 });
        const bytes = await wholeBytes(found.readableStreamBody, found.contentLength);
        return { bytes, tag: bareTag(found.etag) };
      }),
    stat: (key, abortSignal) =>
      unlessMissing(async () => {
        const { contentLength = 0, etag, metadata } = await blobOf(key).getProperties({ abortSignal });
        return { byteCount: contentLength, tag: bareTag(etag), mark: metadata?.[MARK_NAME] ?? null };
      }),
    open: (key, tag, { start, end }, abortSignal) =>
      unlessMissing(async () => {
        const conditions = { ifMatch: `"${tag}"` };
        try {
          const options = { abortSignal, conditions, maxRetryRequests: 0 } as const;
          return (await blobOf(key).download(start, end - start, options)).readableStreamBody ?? null;
        } catch (error) {
          if ([412, 416].includes(failureOf(error).status ?? 0)) return null;
          throw error;
        }
      }),
    async write(key, { bytes, headers: { contentType, cacheControl }, condition, mark }, abortSignal) {
      const md5 = createHash("md5").update(bytes).digest();
      const blobHTTPHeaders = { blobContentType: contentType, blobCacheControl: cacheControl, blobContentMD5: md5 };
      const options = {
        abortSignal,
        blobHTTPHeaders,
        transactionalContentMD5: md5,
        metadata: { [MARK_NAME]: mark },
        conditions: conditionsOf(condition),
      };
      try {
        await blobOf(key).upload(bytes, bytes.length, options);
        return "written";
      } catch (error) {
        const failure = failureOf(error);
        const exists = failure.status === 409 && failure.code === "BlobAlreadyExists";
        // 404: a tag was asked for, and there is no object any more.
        const isGone = failure.status === 404 && failure.code === "BlobNotFound" && condition.kind === "tag";
        if (failure.status === 412 || exists || isGone) return "refused";
        throw errorOf(failure);
      }
    },
    async delete(key, abortSignal) {
      await unlessMissing(async () => void (await blobOf(key).delete({ abortSignal })));
    },
    async list(start, atMost, abortSignal) {
      const keys: string[] = [];
      try {
        const pages = container.listBlobsFlat({ prefix: start, abortSignal });
        for await (const { segment } of pages.byPage(atMost === null ? {} : { maxPageSize: atMost })) {
          keys.push(...segment.blobItems.map(({ name }) => name));
          if (atMost !== null && keys.length >= atMost) break;
        }
      } catch (error) {
        throw errorOf(failureOf(error));
      }
      return keys;
    },
  };
}

function openContainer(sdk: AzureSdk, access: AzureAccess, name: string): AzureContainer {
  const options = { retryOptions: { maxTries: 1 } };
  if ("connection" in access) {
    return sdk.BlobServiceClient.fromConnectionString(access.connection, options).getContainerClient(name);
  }
  return new sdk.ContainerClient(`${access.endpoint}/${name}`, access.credential, options);
}

function conditionsOf(condition: WriteCondition): NonNullable<Asked["conditions"]> {
  if (condition.kind === "none") return {};
  return condition.kind === "absent" ? { ifNoneMatch: "*" } : { ifMatch: `"${condition.tag}"` };
}

function bareTag(etag = ""): string {
  return etag.replace(/^"|"$/g, "");
}

interface AzureFailure {
  /** null: there was no answer. */
  readonly status: number | null;
  readonly code: string;
  readonly message: string;
}

/** Answers null for a blob that is missing; throws where something else is wrong, a missing container included. */
async function unlessMissing<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof BucketError) throw error;
    const failure = failureOf(error);
    if (failure.status === 404 && failure.code !== "ContainerNotFound") return null;
    throw errorOf(failure);
  }
}

function failureOf(error: unknown): AzureFailure {
  const member = (name: string): unknown => (error instanceof Error ? Reflect.get(error, name) : undefined);
  const [status, code] = [member("statusCode"), member("code")];
  const [firstLine = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
  return {
    status: typeof status === "number" ? status : null,
    code: typeof code === "string" ? code : "",
    message: firstLine,
  };
}

function errorOf({ status, code, message }: AzureFailure): BucketError {
  const isWithoutCredentials = status === null && /Credential|AuthenticationRequired/.test(`${code} ${message}`);
  if (isWithoutCredentials) return new BucketError("refused", null, `no credentials: ${message}`.slice(0, 300));
  return bucketError(status, code, message);
}
