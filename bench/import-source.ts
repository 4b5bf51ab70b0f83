// Importing all that a source lists, under a new name, so that nobody has seen it before.

import type { BenchServer } from "./bench-server.ts";
import type { BenchSource } from "./bench-source.ts";

/** Answers how many milliseconds the import itself took. */
export async function importAs(server: BenchServer, name: string, { url, signer }: BenchSource): Promise<number> {
  const settings = { name, indexUrl: `${url}/index.txt`, baseUrl: url, region: "XX", allowPrivateAddresses: true };
  await server.imports.addSource(settings);
  await server.imports.addTrustedKey(name, { keyId: "999", keyVersion: "v1", publicKeyPem: signer.pem });
  await server.runJob("import-discover");
  await server.checkpoint();
  return server.runJob("import-archives");
}

export async function requireKeys(server: BenchServer, count: number): Promise<void> {
  const arrived = await server.countKeys();
  if (arrived !== count) throw new Error(`${arrived} keys are there of ${count}`);
}
