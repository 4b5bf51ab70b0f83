// Signing keys behind an interface that a KMS can fulfil: the private half never leaves.

export type SigningKeyErrorCode =
  | "signing_key_missing"
  | "signing_key_exists"
  /** The stored key cannot be read or written, or is no private key on P-256. */
  | "signing_key_unusable"
  /** No key can have this name. */
  | "signing_key_name_invalid";

/** Keys on the curve P-256. Throws CodedError<SigningKeyErrorCode>. */
export interface SigningKeys {
  /** Makes a key under a new name. */
  create(name: string): Promise<void>;
  /** Keeps a key that another program made under a new name; PKCS#8 or SEC1 in PEM, not encrypted. */
  put(name: string, privateKeyPem: string): Promise<void>;
  /** The names of all, sorted by their characters' codes; also of keys that turn out to be unusable. */
  list(): Promise<string[]>;
  /** SubjectPublicKeyInfo in PEM. */
  publicKeyPem(name: string): Promise<string>;
  /**
   * ECDSA over the SHA-256 of `bytes`; the answer is ASN.1 DER (KS 1.6). It takes the bytes and not their digest, since
   * the runtime's crypto signs no digests; a KMS adapter hashes and sends those 32 bytes.
   */
  sign(name: string, bytes: Uint8Array): Promise<Uint8Array>;
}
