// The words of the client library: what is uploaded, what a server answers, what can go wrong before anybody is asked.

import { CodedError, type CodedErrorDetails } from "../core/coded-error.ts";

/** A temporary exposure key of the person who uploads. */
export interface UploadKey {
  /** 16 bytes. */
  readonly keyData: Uint8Array;
  /** Number of the ten-minute interval in which it begins. */
  readonly rollingStart: number;
  /** How many intervals it lasts: 1 to 144. */
  readonly rollingPeriod: number;
  /** 0 to 8; absent or 0: the server goes by the report type (KS 3.8). */
  readonly transmissionRisk?: number;
}

/** Why the server should believe the upload: a certificate over the HMAC of its keys (KS 4). */
export type Credential =
  /** Asks for one, as phones do. */
  | { readonly verificationServer: VerificationServer }
  /** Gets the HMAC in base64, and answers the certificate that holds it. */
  | { readonly certify: (hmac: string) => Promise<string> }
  /** Issued before, for the HMAC of `macOfUpload` with the same keys and the same secret. */
  | { readonly certificate: string; readonly hmacSecret: Uint8Array }
  /** Without one; only apps that bypass the verification may do so. */
  | null;

export interface VerificationServer {
  /** Where certificates are issued, such as `https://verify.example.org/api/certificate`. */
  readonly url: string;
  /** What the person's code was exchanged for. */
  readonly token?: string;
  /** Besides the content type, such as `x-api-key`. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Upload {
  readonly keys: readonly UploadKey[];
  readonly credential: Credential;
  /** Interval number; absent: the certificate's, or the server's guess. */
  readonly symptomOnsetInterval?: number;
  readonly traveler?: boolean;
  /** Of an earlier answer: to revise those keys, or to add to them. */
  readonly revisionToken?: string;
}

/** The bytes of one request. Sent again they are the identical request, also after a restart. */
export interface PreparedUpload {
  readonly body: Uint8Array<ArrayBuffer>;
}

/** Keys were taken. */
export interface TakenAnswer<Outcome extends "stored" | "partial"> {
  readonly outcome: Outcome;
  readonly status: number;
  /** Not counted: revised keys, and those that were there. */
  readonly inserted: number;
  /** null: there is nothing to revise later. */
  readonly revisionToken: string | null;
  readonly message: string;
  readonly warnings: readonly string[];
}

/** What became of an upload. */
export type UploadAnswer =
  /** Every key, but for those that `warnings` names. */
  | TakenAnswer<"stored">
  /** At least one key; `message` says which were not taken and why. */
  | TakenAnswer<"partial">
  /** Nothing was stored, and the same request will always be refused; `code` as the server has it (KS 3.4). */
  | { readonly outcome: "refused"; readonly status: number; readonly code: string | null; readonly message: string }
  /** Nobody knows whether it was stored. The identical request is safe to send, after as many seconds as the server says. */
  | {
      readonly outcome: "try_again";
      /** null: no answer came. */
      readonly status: number | null;
      readonly code: string | null;
      readonly message: string;
      readonly retryAfterSeconds: number | null;
    };

export interface ChaffAnswer {
  /** Whether the server took it for what it is. */
  readonly isAnswered: boolean;
  /** null: no answer came. */
  readonly status: number | null;
}

export type UploaderErrorCode = "upload_invalid" | "upload_too_large" | "certificate_unavailable";

export function uploaderError(
  code: UploaderErrorCode,
  message: string,
  details: CodedErrorDetails = {},
): CodedError<UploaderErrorCode> {
  return new CodedError(code, message, details);
}
