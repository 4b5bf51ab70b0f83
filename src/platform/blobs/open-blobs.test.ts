// Opening the store that a configuration names: libraries that are missing, and what is refused.

import { expect, test } from "vitest";
import type { BlobsConfig } from "../config/resolve-blobs.ts";
import { openBlobs } from "./open-blobs.ts";

const place = { bucket: "keys", prefix: "", endpoint: null };
const s3: BlobsConfig = { kind: "s3", ...place, region: null, pathStyle: false };

function notFound(message: string): Promise<never> {
  return Promise.reject(Object.assign(new Error(message), { code: "ERR_MODULE_NOT_FOUND" }));
}

const missing = (name: string) => notFound(`Cannot find package '${name}' imported from x`);
const broken = () => notFound("Cannot find package 'tslib' imported from client-s3");

class Client {
  readonly isThere = true;
}

test.each<[BlobsConfig, string]>([
  [s3, "npm install @aws-sdk/client-s3@^3."],
  [{ kind: "gcs", ...place }, "npm install google-auth-library@^10."],
  [{ kind: "azure", ...place }, "npm install @azure/storage-blob@^12."],
])("$kind without its library is refused with the command that installs it", async (config, command) => {
  await expect(openBlobs(config, {}, missing)).rejects.toMatchObject({
    code: "adapter_missing",
    message: expect.stringContaining(`blobs.kind ${config.kind}`),
    remedy: expect.stringContaining(command),
  });
});

test("a library that is there but broken is no missing library", async () => {
  await expect(openBlobs(s3, {}, broken)).rejects.toThrow("tslib");
});

test("Azure needs an account: by its URL, or by the variable that Azure's own tools read", async () => {
  const sdk = {
    ContainerClient: Client,
    BlobServiceClient: { fromConnectionString: () => ({ getContainerClient: () => ({}) }) },
  };
  const load = async (name: string) => (name === "@azure/storage-blob" ? sdk : { DefaultAzureCredential: Client });
  const azure: BlobsConfig = { kind: "azure", ...place };
  await expect(openBlobs(azure, {}, load)).rejects.toMatchObject({ code: "config_invalid" });
  await openBlobs(azure, { AZURE_STORAGE_CONNECTION_STRING: "UseDevelopmentStorage=true" }, load);
  await openBlobs({ ...azure, endpoint: "https://account.blob.core.windows.net" }, {}, load);
});
