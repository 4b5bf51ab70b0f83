// The programs that `npm run test:platform` puts the adapters to, and the libraries that these need: exact versions, each in
// a folder of the cache that its version names.

import { join } from "node:path";

export type Counterpart =
  | { readonly kind: "go"; readonly name: string; readonly version: string; readonly source: string }
  | { readonly kind: "npm"; readonly name: string; readonly version: string; readonly packages: readonly string[] };

export const COUNTERPARTS = {
  libraries: {
    kind: "npm",
    name: "libraries",
    version: "1",
    packages: [
      "@aws-sdk/client-s3@3.1175.0",
      "@azure/identity@4.13.1",
      "@azure/storage-blob@12.32.0",
      "google-auth-library@10.9.1",
    ],
  },
  versitygw: { kind: "go", name: "versitygw", version: "v1.8.0", source: "github.com/versity/versitygw/cmd/versitygw" },
  "fake-gcs-server": {
    kind: "go",
    name: "fake-gcs-server",
    version: "v1.56.1",
    source: "github.com/fsouza/fake-gcs-server",
  },
  azurite: { kind: "npm", name: "azurite", version: "3.37.0", packages: ["azurite@3.37.0"] },
} as const satisfies Record<string, Counterpart>;

export type CounterpartName = keyof typeof COUNTERPARTS;

/** Of this checkout, unless TEST_COUNTERPARTS_FOLDER names one that several share. */
export function counterpartsFolder(): string {
  const named = process.env["TEST_COUNTERPARTS_FOLDER"] ?? "";
  return named === "" ? join(import.meta.dirname, "..", "..", ".cache", "counterparts") : named;
}

export function folderOf(name: CounterpartName): string {
  return join(counterpartsFolder(), `${name}-${COUNTERPARTS[name].version}`);
}
