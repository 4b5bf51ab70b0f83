// `enks/client`: uploads keys and chaff to a key server as phones do, and reads the archives that one publishes.

import type { VerifiedArchive } from "../archive/archive-types.ts";
import { buildChaff, CHAFF_HEADERS } from "./build-chaff.ts";
import { buildRequest, MAX_REQUEST_BYTES } from "./build-request.ts";
import {
  type ChaffAnswer,
  type Credential,
  type PreparedUpload,
  type Upload,
  type UploadAnswer,
} from "./client-types.ts";
import { exchange } from "./exchange.ts";
import { followIndex } from "./follow-index.ts";
import type { Followed, FollowerOptions, FollowMemory, VerifyOptions } from "./follower-types.ts";
import { type RandomBytes, unpredictableBytes } from "./random-bytes.ts";
import { readAnswer } from "./read-answer.ts";
import { type RepeatOptions, repeatUpload } from "./repeat-upload.ts";
import { requestCertificate } from "./request-certificate.ts";
import { macOfSentKeys, sentKeysOf } from "./upload-mac.ts";
import { verifyWith } from "./verify-with.ts";

export interface UploaderOptions {
  /** Where keys are published, such as `https://keys.example.org/v1/publish`. */
  readonly url: string;
  /** The app's name at the server. */
  readonly healthAuthorityId: string;
  readonly fetch?: typeof fetch;
  /** For each exchange, the body of the answer included (10,000). */
  readonly timeoutMilliseconds?: number;
  /** The length of every request, chaff included (16,384): room for 30 keys, a certificate and a revision token. */
  readonly requestBytes?: number;
  /** Instead of the operating system's randomness. */
  readonly randomBytes?: RandomBytes;
}

export interface Uploader {
  /**
   * Gets the certificate and makes the request; sends no key. Throws CodedError<UploaderErrorCode>, and what the
   * upload's own `certify` throws.
   */
  prepare(upload: Upload): Promise<PreparedUpload>;
  /** Sends it once. Never throws; the server's word, or that there was none, is in the answer. */
  send(prepared: PreparedUpload): Promise<UploadAnswer>;
  /** Sends the identical request until the answer is no longer `try_again`, or that goes on for too long. */
  sendRepeatedly(prepared: PreparedUpload, options?: RepeatOptions): Promise<UploadAnswer>;
  /** Sends what looks like an upload from outside and is none. Never throws. */
  sendChaff(): Promise<ChaffAnswer>;
}

const REQUEST_BYTES = 16_384;
const MAX_ANSWER_BYTES = 1024 * 1024;

/** Throws RangeError for a length that no server takes. */
export function createUploader(options: UploaderOptions): Uploader {
  const { url, healthAuthorityId, requestBytes = REQUEST_BYTES, randomBytes = unpredictableBytes } = options;
  if (!(requestBytes <= MAX_REQUEST_BYTES))
    throw new RangeError(`no server takes more than ${MAX_REQUEST_BYTES} bytes`);
  const connection = { fetch: options.fetch ?? fetch, timeoutMilliseconds: options.timeoutMilliseconds ?? 10_000 };
  const post = ({ body }: PreparedUpload, headers: Readonly<Record<string, string>> = {}) =>
    // The keys are for this server and no other one.
    exchange(
      connection,
      url,
      { method: "POST", headers: { "content-type": "application/json", ...headers }, redirect: "manual", body },
      MAX_ANSWER_BYTES,
    );
  const certificateFor = async (credential: Credential, hmac: string) => {
    if (credential === null) return "";
    if ("certificate" in credential) return credential.certificate;
    if ("certify" in credential) return credential.certify(hmac);
    return requestCertificate(connection, credential.verificationServer, hmac, randomBytes);
  };
  const send = async (prepared: PreparedUpload) => readAnswer(await post(prepared));
  return {
    async prepare({ keys, credential, ...more }) {
      const sentKeys = sentKeysOf(keys);
      const hmacSecret = credential !== null && "hmacSecret" in credential ? credential.hmacSecret : randomBytes(32);
      const certificate = await certificateFor(credential, macOfSentKeys(sentKeys, hmacSecret));
      return buildRequest({ ...more, sentKeys, healthAuthorityId, certificate, hmacSecret }, requestBytes, randomBytes);
    },
    send,
    sendRepeatedly: (prepared, repeating = {}) => repeatUpload(() => send(prepared), repeating, randomBytes),
    async sendChaff() {
      const exchanged = await post(buildChaff(healthAuthorityId, requestBytes, randomBytes), CHAFF_HEADERS);
      const status = exchanged.kind === "answer" ? exchanged.status : null;
      return { isAnswered: status === 200, status };
    },
  };
}

export interface Follower {
  /**
   * What is new in the index compared with `memory`, which is nothing at first: one archive after the other, as they
   * are asked for, each once. Lines that are gone from the head do not matter, and an archive that is damaged, missing
   * or signed by somebody else does not hold up those behind it. Throws CodedError: ListingErrorCode for a bad index,
   * DownloadErrorCode where the server is unwell. What was handed over before stays done.
   */
  follow(memory?: FollowMemory): AsyncGenerator<Followed, void, void>;
}

/** Throws `public_key_invalid`. */
export function createFollower(options: FollowerOptions): Follower {
  const verify = verifyWith(options);
  return { follow: (memory = { lines: [] }) => followIndex(options, memory, verify) };
}

/** Opens an archive from elsewhere. Throws CodedError<ArchiveErrorCode>, and nothing else whatever `bytes` are. */
export async function verifyArchive(bytes: Uint8Array, options: VerifyOptions): Promise<VerifiedArchive> {
  return verifyWith(options)(bytes);
}
