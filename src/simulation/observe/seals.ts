// Seals by their names: which one an archive carries, and which phones accept it.

import type { SignatureInfo } from "../../archive/archive-types.ts";
import type { UnixSeconds } from "../../core/clock.ts";
import { type CosignSet, keysAt } from "../../device/verifier.ts";
import { kindOf } from "./followed-trees.ts";
import type { ObservedPhone } from "./observed.ts";
import type { ObservedArchive } from "./observed-archive.ts";

/** Key id and version as one word. */
export function sealName({ keyId, keyVersion }: Pick<SignatureInfo, "keyId" | "keyVersion">): string {
  return `${keyId ?? "?"} ${keyVersion ?? "?"}`;
}

const seals = new WeakMap<ObservedArchive, string>();

/** The names of its signatures in their order; null where nobody can read it. */
export function sealOf(archive: ObservedArchive): string | null {
  const known = seals.get(archive);
  if (known !== undefined) return known;
  if (archive.content === null) return null;
  const seal = archive.content.signatures.map(sealName).join(" + ");
  seals.set(archive, seal);
  return seal;
}

/**
 * Whether the phone can accept an archive under this seal at `at`, as far as names tell (DB 2.4, 3.2). A phone to which
 * no key has come yet says nothing about the archive.
 */
export function acceptsSeal(phone: ObservedPhone, seal: string, at: UnixSeconds): boolean {
  const alternatives = keysAt(phone.trustedKeys, at);
  if (alternatives.length === 0) return true;
  const names = seal.split(" + ");
  const trusts = kindOf(phone)?.trusts;
  if (trusts === "anything") return true;
  // iOS has one key, and reads one signature.
  if (trusts === "latest") return isSatisfied(alternatives.at(-1)?.slice(-1) ?? [], names.slice(0, 1));
  return alternatives.some((set) => isSatisfied(set, names));
}

function isSatisfied(set: CosignSet, names: readonly string[]): boolean {
  return set.every((trusted) => names.includes(sealName(trusted)));
}
