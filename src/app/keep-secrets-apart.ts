// Whoever asks the public listener gets what lies below the objects' folder, so no secret may lie there or around it.

import { realpath } from "node:fs/promises";
import { sep } from "node:path";
import { CodedError } from "../core/coded-error.ts";
import type { Config } from "../platform/config/config.ts";

export type StoreErrorCode = "secrets_beside_objects";

/** Folders that are there, wherever links lead. Throws `secrets_beside_objects`. */
export async function keepSecretsApart(
  config: Pick<Config, "blobs" | "signingKeys" | "encryptionKeys">,
): Promise<void> {
  if (config.blobs.kind !== "filesystem") return;
  const objects = await realpath(config.blobs.folder);
  for (const name of ["signingKeys", "encryptionKeys"] as const) {
    const store = config[name];
    if (store.kind !== "filesystem") continue;
    const secrets = await realpath(store.folder);
    if (isInside(secrets, objects) || isInside(objects, secrets)) {
      throw new CodedError<StoreErrorCode>(
        "secrets_beside_objects",
        `${name}.folder and blobs.folder are the same, or one lies in the other: ${secrets} and ${objects}`,
        { remedy: "Give the secret keys a folder of their own, beside the one of the objects." },
      );
    }
  }
}

function isInside(inner: string, outer: string): boolean {
  return `${inner}${sep}`.startsWith(outer.endsWith(sep) ? outer : `${outer}${sep}`);
}
