// Encryption keys behind an interface that a KMS can fulfil: they wrap the keys that work on data.

export type EncryptionKeyErrorCode =
  /** There is no such key, or it cannot be read. */
  | "encryption_key_unusable"
  /** The ciphertext is not from this key, not for this purpose, or damaged. */
  | "encryption_key_refused";

/** AES-256-GCM or what a KMS has. Throws CodedError<EncryptionKeyErrorCode>. */
export interface EncryptionKeys {
  /** `purpose` is authenticated with the ciphertext: only the same one opens it again. A missing key is made. */
  encrypt(name: string, plaintext: Uint8Array, purpose: string): Promise<Uint8Array>;
  decrypt(name: string, ciphertext: Uint8Array, purpose: string): Promise<Uint8Array>;
}
