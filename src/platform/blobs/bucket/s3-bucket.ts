// A bucket of Amazon S3, or of a service that speaks its protocol.

import { createHash } from "node:crypto";
import {
  type Bucket,
  BucketError,
  type BucketObject,
  type BucketStream,
  bucketError,
  MARK_NAME,
  type WriteCondition,
} from "./bucket.ts";
import { wholeBytes } from "./whole-bytes.ts";

/** What is used of `@aws-sdk/client-s3`. */
export interface S3Sdk {
  readonly S3Client: new (
    config: Readonly<Record<string, unknown>>,
  ) => {
    send(command: unknown, options: { readonly abortSignal: AbortSignal }): Promise<S3Answer>;
  };
  readonly GetObjectCommand: Command;
  readonly HeadObjectCommand: Command;
  readonly PutObjectCommand: Command;
  readonly DeleteObjectCommand: Command;
  readonly ListObjectsV2Command: Command;
}

type Command = new (input: Readonly<Record<string, unknown>>) => unknown;

interface S3Answer {
  readonly Body?: BucketStream;
  readonly ETag?: string;
  readonly ContentLength?: number;
  readonly Metadata?: Readonly<Record<string, string>>;
  readonly Contents?: readonly { readonly Key?: string }[];
  readonly NextContinuationToken?: string;
}

export interface S3Settings {
  readonly bucket: string;
  /** null: as the environment or the profile says. */
  readonly region: string | null;
  /** null: Amazon's own. */
  readonly endpoint: string | null;
  /** The bucket is in the path of URLs instead of the host. */
  readonly pathStyle: boolean;
}

/** Slow readers hold connections: those of our own writes are others. */
const STREAM_CONNECTIONS = 500;
const CALL_CONNECTIONS = 50;
const CONNECT_MILLISECONDS = 10_000;

/** Credentials come from the SDK's own chain: environment, profile, web identity, container, instance. */
export function openS3Bucket(sdk: S3Sdk, settings: S3Settings, prefix: string): Bucket {
  const calls = createClient(sdk, settings, CALL_CONNECTIONS);
  const streams = createClient(sdk, settings, STREAM_CONNECTIONS);
  const { bucket: Bucket } = settings;

  async function send(
    client: typeof calls,
    command: unknown,
    abortSignal: AbortSignal,
  ): Promise<{ readonly answer: S3Answer } | { readonly failure: S3Failure }> {
    try {
      return { answer: await client.send(command, { abortSignal }) };
    } catch (error) {
      return { failure: failureOf(error) };
    }
  }

  async function getOnce(Key: string, signal: AbortSignal): Promise<BucketObject | null> {
    const sent = await send(calls, new sdk.GetObjectCommand({ Bucket, Key }), signal);
    if ("failure" in sent) return nullIfMissing(sent.failure);
    const { Body, ContentLength, ETag = "" } = sent.answer;
    return { bytes: await wholeBytes(Body, ContentLength), tag: tagOf(ETag) };
  }

  return {
    place: `s3://${Bucket}/${prefix}`,
    async get(Key, signal) {
      let found = await getOnce(Key, signal);
      // Some services read content and tag one after the other: what does not belong together is read until it does.
      while (found !== null && !isDigestOf(found)) {
        const again = await getOnce(Key, signal);
        if (again !== null && again.tag === found.tag && Buffer.compare(again.bytes, found.bytes) === 0) break;
        found = again;
      }
      return found;
    },
    async stat(Key, signal) {
      const sent = await send(calls, new sdk.HeadObjectCommand({ Bucket, Key }), signal);
      if ("failure" in sent) return nullIfMissing(sent.failure);
      const { ContentLength = 0, ETag = "", Metadata } = sent.answer;
      return { byteCount: ContentLength, tag: tagOf(ETag), mark: Metadata?.[MARK_NAME] ?? null };
    },
    async open(Key, tag, { start, end }, signal) {
      const asked = { Bucket, Key, Range: `bytes=${start}-${end - 1}`, IfMatch: `"${tag}"` };
      const sent = await send(streams, new sdk.GetObjectCommand(asked), signal);
      if (!("failure" in sent)) return sent.answer.Body ?? null;
      return sent.failure.status === 412 || sent.failure.status === 416 ? null : nullIfMissing(sent.failure);
    },
    async write(Key, { bytes, headers, condition, mark }, signal) {
      const input = {
        Bucket,
        Key,
        Body: bytes,
        ContentLength: bytes.length,
        ContentType: headers.contentType,
        CacheControl: headers.cacheControl,
        Metadata: { [MARK_NAME]: mark },
        // Checksums in trailers are not what every service that speaks this protocol takes.
        ContentMD5: createHash("md5").update(bytes).digest("base64"),
        ...conditionHeaders(condition),
      };
      const sent = await send(calls, new sdk.PutObjectCommand(input), signal);
      if (!("failure" in sent)) return "written";
      const { status, code } = sent.failure;
      // 404: a tag was asked for, and there is no object any more.
      const isRefused = status === 412 || (status === 404 && condition.kind === "tag" && code !== "NoSuchBucket");
      if (isRefused) return "refused";
      // Amazon's word for "others write at the same time".
      if (status === 409 && condition.kind !== "none") return "unknown";
      throw errorOf(sent.failure);
    },
    async delete(Key, signal) {
      const sent = await send(calls, new sdk.DeleteObjectCommand({ Bucket, Key }), signal);
      if ("failure" in sent) nullIfMissing(sent.failure);
    },
    async list(start, atMost, signal) {
      const most = atMost ?? Number.POSITIVE_INFINITY;
      const keys: string[] = [];
      let token: string | undefined;
      do {
        const page = { Bucket, Prefix: start, ...(atMost === null ? {} : { MaxKeys: atMost }) };
        const asked = token === undefined ? page : { ...page, ContinuationToken: token };
        const sent = await send(calls, new sdk.ListObjectsV2Command(asked), signal);
        if ("failure" in sent) throw errorOf(sent.failure);
        keys.push(...(sent.answer.Contents ?? []).flatMap(({ Key }) => (Key === undefined ? [] : [Key])));
        token = sent.answer.NextContinuationToken;
      } while (token !== undefined && keys.length < most);
      return keys;
    },
  };
}

function createClient(sdk: S3Sdk, { region, endpoint, pathStyle }: S3Settings, maxSockets: number) {
  return new sdk.S3Client({
    ...(region === null ? {} : { region }),
    ...(endpoint === null ? {} : { endpoint }),
    forcePathStyle: pathStyle,
    maxAttempts: 1,
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    requestHandler: {
      connectionTimeout: CONNECT_MILLISECONDS,
      httpAgent: { keepAlive: true, maxSockets },
      httpsAgent: { keepAlive: true, maxSockets },
    },
  });
}

function conditionHeaders(condition: WriteCondition): Readonly<Record<string, string>> {
  if (condition.kind === "none") return {};
  return condition.kind === "absent" ? { IfNoneMatch: "*" } : { IfMatch: `"${condition.tag}"` };
}

/** As the tag is, unless the service encrypts with keys of a key service. */
function isDigestOf({ bytes, tag }: BucketObject): boolean {
  return tag === createHash("md5").update(bytes).digest("hex");
}

/** Without one nobody could tell that the object has changed. */
function tagOf(etag: string): string {
  const tag = etag.replace(/^"|"$/g, "");
  if (tag === "") throw new BucketError("refused", null, "the service gives no entity tag for this object");
  return tag;
}

interface S3Failure {
  /** null: there was no answer. */
  readonly status: number | null;
  readonly code: string;
  readonly message: string;
}

function failureOf(error: unknown): S3Failure {
  const code = error instanceof Error ? error.name : "";
  const metadata: unknown = error instanceof Error ? Reflect.get(error, "$metadata") : undefined;
  const status: unknown =
    typeof metadata === "object" && metadata !== null ? Reflect.get(metadata, "httpStatusCode") : 0;
  const message = error instanceof Error ? error.message : String(error);
  return { status: typeof status === "number" && status > 0 ? status : null, code, message };
}

/** Throws where something else is wrong, a missing bucket included. */
function nullIfMissing(failure: S3Failure): null {
  if (failure.status === 404 && failure.code !== "NoSuchBucket") return null;
  throw errorOf(failure);
}

/** Without an answer, whether there are credentials at all decides: to come again would not help. */
function errorOf({ status, code, message }: S3Failure): BucketError {
  if (/Credentials/.test(code)) return new BucketError("refused", null, `${code}: ${message}`.slice(0, 300));
  return bucketError(status, code, message);
}
