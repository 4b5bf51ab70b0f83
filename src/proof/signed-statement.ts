// Statements that somebody else can check: JSON in an envelope with Ed25519 signatures (DSSE 1.0, secure-systems-lab/dsse).

import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from "node:crypto";
import { CodedError } from "../core/coded-error.ts";

export type StatementErrorCode =
  /** The text is no envelope, or its payload no JSON. */
  | "statement_unreadable"
  /** The statement is of another kind than the one that is needed. */
  | "statement_of_other_kind"
  /** No signature by the key that is expected, or one that does not fit: a byte was changed. */
  | "statement_signature_invalid"
  /** The key is no Ed25519 key in PEM. */
  | "statement_key_invalid";

/** The kind of a signed coverage report. */
export const COVERAGE_STATEMENT = "coverage";

export interface SignedStatement {
  readonly payloadType: string;
  /** Base64 of the JSON. */
  readonly payload: string;
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[];
}

/** A key that signs statements. An export key is on another curve, so it can never serve as one. */
export interface StatementKey {
  readonly privateKey: KeyObject;
  readonly publicPem: string;
  readonly fingerprint: string;
}

/** A new key and the PEM (PKCS#8) under which it is kept. */
export function makeStatementKey(): StatementKey & { readonly privatePem: string } {
  const { privateKey } = generateKeyPairSync("ed25519");
  const privatePem = privateKey.export({ type: "pkcs8", format: "pem" });
  return { ...readStatementKey(privatePem), privatePem };
}

/** From a PEM (PKCS#8). Throws CodedError `statement_key_invalid`. */
export function readStatementKey(privatePem: string): StatementKey {
  const privateKey = parseKey(() => createPrivateKey(privatePem));
  const publicPem = createPublicKey(privateKey).export({ type: "spki", format: "pem" });
  return { privateKey, publicPem, fingerprint: statementFingerprint(publicPem) };
}

/** SHA-256 of the public key (SubjectPublicKeyInfo in DER), lower-case hex. Throws CodedError `statement_key_invalid`. */
export function statementFingerprint(publicPem: string): string {
  const der = parseKey(() => createPublicKey(publicPem)).export({ type: "spki", format: "der" });
  return createHash("sha256").update(der).digest("hex");
}

function parseKey(read: () => KeyObject): KeyObject {
  let key: KeyObject;
  try {
    key = read();
  } catch (cause) {
    throw new CodedError<StatementErrorCode>("statement_key_invalid", "the key is no PEM of a key", { cause });
  }
  if (key.asymmetricKeyType === "ed25519") return key;
  throw new CodedError<StatementErrorCode>("statement_key_invalid", "the key is not on Ed25519", {
    remedy: "Make one with `enks migration key`; export keys cannot sign statements.",
  });
}

/** `kind` becomes part of what is signed, so that one kind of statement never passes for another. */
export function signStatement(kind: string, statement: unknown, key: StatementKey): SignedStatement {
  const payloadType = statementType(kind);
  const payload = Buffer.from(JSON.stringify(statement), "utf8");
  const sig = sign(null, signedBytes(payloadType, payload), key.privateKey).toString("base64");
  return { payloadType, payload: payload.toString("base64"), signatures: [{ keyid: key.fingerprint, sig }] };
}

/** The statement, once a signature by `publicPem` was verified. Throws CodedError<StatementErrorCode>. */
export function openStatement(kind: string, envelope: SignedStatement, publicPem: string): unknown {
  if (envelope.payloadType !== statementType(kind)) {
    const message = `the statement is ${JSON.stringify(envelope.payloadType)}, not ${JSON.stringify(statementType(kind))}`;
    throw new CodedError<StatementErrorCode>("statement_of_other_kind", message);
  }
  const fingerprint = statementFingerprint(publicPem);
  const payload = Buffer.from(envelope.payload, "base64");
  const bytes = signedBytes(envelope.payloadType, payload);
  const isGood = envelope.signatures.some(
    ({ keyid, sig }) => keyid === fingerprint && verify(null, bytes, publicPem, Buffer.from(sig, "base64")),
  );
  if (isGood) return readJson(payload.toString("utf8"));
  throw new CodedError<StatementErrorCode>(
    "statement_signature_invalid",
    "the statement has no valid signature of the key that is expected",
    { remedy: "Ask for it again, and compare the fingerprint of the key by voice." },
  );
}

/** Reads an envelope and judges its form, not its signatures. Throws CodedError `statement_unreadable`. */
export function parseStatement(text: string): SignedStatement {
  const value = readJson(text);
  if (isEnvelope(value)) return value;
  throw new CodedError<StatementErrorCode>("statement_unreadable", "the text is no signed statement");
}

function isEnvelope(value: unknown): value is SignedStatement {
  if (typeof value !== "object" || value === null) return false;
  const { payloadType, payload, signatures } = value as Record<string, unknown>;
  if (typeof payloadType !== "string" || typeof payload !== "string" || !Array.isArray(signatures)) return false;
  return signatures.every(
    (each: unknown) =>
      typeof each === "object" &&
      each !== null &&
      "keyid" in each &&
      typeof each.keyid === "string" &&
      "sig" in each &&
      typeof each.sig === "string",
  );
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CodedError<StatementErrorCode>("statement_unreadable", "the text is no JSON", { cause });
  }
}

/** The payload type of a kind. */
export function statementType(kind: string): string {
  return `application/vnd.enks.${kind}+json`;
}

/** The pre-authentication encoding of DSSE: lengths keep type and payload apart. */
function signedBytes(payloadType: string, payload: Uint8Array): Uint8Array {
  const head = `DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${payload.length} `;
  return Buffer.concat([Buffer.from(head, "utf8"), payload]);
}
