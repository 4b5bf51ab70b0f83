// The words of the archive format (KS 1): header, signature, trusted key, verified archive, and the tools passed in.

import type { UnixSeconds } from "../core/clock.ts";
import type { KeyRefusal } from "../core/exposure-key.ts";
import type { KeyBatch } from "../core/key-batch.ts";

/** ECDSA with SHA-256; the only algorithm that is written or accepted. */
export const ECDSA_SHA256 = "1.2.840.10045.4.3.2";

/** Names the key that made a signature; null where the field is absent. */
export interface SignatureInfo {
  readonly keyId: string | null;
  readonly keyVersion: string | null;
  readonly algorithm: string | null;
}

export interface ArchiveHeader {
  /** The window, start included, end excluded. */
  readonly start: UnixSeconds;
  readonly end: UnixSeconds;
  readonly region: string;
  /** null where absent; always written as 1 of 1. */
  readonly batchNum: number | null;
  readonly batchSize: number | null;
  readonly signatureInfos: readonly SignatureInfo[];
}

/** A key that no device would take: counted and left out, its neighbours stay. */
export interface RefusedKey {
  readonly list: "primary" | "revised";
  /** Position in its list, from 0. */
  readonly index: number;
  readonly reason: KeyRefusal;
}

/** What `export.bin` says, after every key was judged by itself. */
export interface ExportContent {
  readonly header: ArchiveHeader;
  readonly primaries: KeyBatch;
  readonly revised: KeyBatch;
  /** How many keys were refused, by reason. */
  readonly refusedCounts: Readonly<Partial<Record<KeyRefusal, number>>>;
  /** The first hundred of them. */
  readonly refused: readonly RefusedKey[];
}

/** One entry of `export.sig`. */
export interface ArchiveSignature {
  readonly info: SignatureInfo;
  readonly batchNum: number | null;
  readonly batchSize: number | null;
  /** ASN.1 DER. */
  readonly signature: Uint8Array;
}

declare const p256: unique symbol;
/** A public key on P-256; only `parsePublicKey` makes one. */
export interface P256PublicKey {
  readonly [p256]: true;
  /** SubjectPublicKeyInfo in PEM, as normalised by the parser. */
  readonly pem: string;
}

export interface TrustedKey {
  readonly keyId: string;
  readonly keyVersion: string;
  readonly publicKey: P256PublicKey;
  /** Trusted from this instant on, included. */
  readonly from: UnixSeconds;
  /** Not trusted any more from this instant on; null: no end. */
  readonly until: UnixSeconds | null;
}

/** Who signs an archive: the names that go into it, and the signing itself. */
export interface ArchiveSigner {
  readonly keyId: string;
  readonly keyVersion: string;
  /** ECDSA over the SHA-256 of `bytes`; answers ASN.1 DER. */
  sign(bytes: Uint8Array): Promise<Uint8Array>;
}

export interface ArchiveLimits {
  /** Of the whole zip. */
  readonly maxBytes: number;
  /** Of export.bin, decompressed. */
  readonly maxExportBytes: number;
  /** Of export.sig, decompressed. */
  readonly maxSignatureBytes: number;
  readonly maxSignatures: number;
  /** In both lists together. */
  readonly maxKeys: number;
}

/** Apple's and Google's limit is 16 MB an archive (DB 2.9, 3.1); more than that is read, for servers that ignore it. */
export const DEFAULT_LIMITS: ArchiveLimits = {
  maxBytes: 32 * 1024 * 1024,
  maxExportBytes: 64 * 1024 * 1024,
  maxSignatureBytes: 64 * 1024,
  maxSignatures: 32,
  maxKeys: 1_000_000,
};

/** The most keys that phones take in one archive (DB 2.9, 3.1). */
export const MAX_ARCHIVE_KEYS = 750_000;

/** What of a source is taken that the format as phones know it does not have (docs/migrate/foreign-archives.md). */
export interface ArchiveProfile {
  /** The zip entries that may stand beside export.bin and export.sig. Nothing looks into them. */
  readonly otherEntries: readonly string[] | "any";
  /** Whether an archive is taken that says it is one part of several. */
  readonly batchParts: boolean;
  /** Whether days since onset that no phone takes are read as unknown, as codes of another scale; else their key is refused. */
  readonly onsetCodes: boolean;
}

/** As operators set it for a source or a mirror: entries are named. */
export interface SourceProfile extends ArchiveProfile {
  readonly otherEntries: readonly string[];
}

/** The default everywhere. */
export const STRICT_PROFILE: SourceProfile = { otherEntries: [], batchParts: false, onsetCodes: false };

/** For what is published already, or was taken under a profile before. */
export const OPEN_PROFILE: ArchiveProfile = { otherEntries: "any", batchParts: true, onsetCodes: true };

/** How other servers call `ECDSA_SHA256`; the texts are compared without regard to case. */
export const ECDSA_SHA256_NAMES: readonly string[] = [ECDSA_SHA256, "ecdsa-with-sha256", "ecdsa p-256 sha-256"];

/** A signature and the key that may have made it. */
export interface SignatureCandidate {
  readonly publicKey: P256PublicKey;
  /** ASN.1 DER. */
  readonly signature: Uint8Array;
}

/** What the format needs from outside, so that it stays pure. None of it keeps the event loop from others for long. */
export interface ArchiveTools {
  sha256(bytes: Uint8Array): Promise<Uint8Array>;
  /** Hashes a few bytes, such as a name, at once. */
  sha256AtOnce(bytes: Uint8Array): Uint8Array;
  crc32(bytes: Uint8Array): Promise<number>;
  /** Raw DEFLATE at a fixed level: equal input gives equal output. */
  deflate(bytes: Uint8Array): Promise<Uint8Array>;
  /** Raw DEFLATE; rejects when the output would exceed `maxBytes` or the input does not end exactly with the stream. */
  inflate(bytes: Uint8Array, maxBytes: number): Promise<Uint8Array>;
  /** Parses SubjectPublicKeyInfo in PEM; null unless it is a point on P-256. Answers the normalised PEM. */
  p256Pem(pem: string): string | null;
  /** Whether each candidate is ECDSA over SHA-256 of `bytes`, which are gone through once. False for anything unusable. */
  verify(bytes: Uint8Array, candidates: readonly SignatureCandidate[]): Promise<boolean[]>;
  /** Resolves once what waits for the event loop had its turn. */
  readonly letOthersWork: () => Promise<void>;
}

declare const verified: unique symbol;
/** An archive whose structure, content and signature were checked; only `openArchive` makes one. */
export interface VerifiedArchive extends ExportContent {
  readonly [verified]: true;
  /** SHA-256 of the zip, lower-case hex: the identity of the content. */
  readonly digest: string;
  /** The trusted key whose signature verified. */
  readonly signedBy: { readonly keyId: string; readonly keyVersion: string };
  readonly signatures: readonly ArchiveSignature[];
}

export type ArchiveErrorCode =
  | "archive_empty"
  | "archive_too_large"
  | "archive_not_zip"
  | "archive_zip_damaged"
  | "archive_entry_missing"
  | "archive_entry_unexpected"
  | "archive_entry_doubled"
  | "archive_inflate_failed"
  | "archive_inflated_too_large"
  | "archive_header_invalid"
  | "archive_content_damaged"
  | "archive_too_many_keys"
  | "archive_batch_incomplete"
  | "archive_signature_list_damaged"
  | "archive_unsigned"
  | "archive_untrusted"
  | "archive_algorithm_unsupported"
  | "archive_signature_invalid"
  | "public_key_invalid";
