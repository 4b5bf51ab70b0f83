// Where published objects are, from settings that are checked one by one: which of them a kind needs, and which it knows.

import type { Static } from "typebox";
import type { configSchema } from "./config-schema.ts";

type Given = Static<typeof configSchema>["blobs"];

interface BucketPlace {
  readonly bucket: string;
  /** Without a slash at the end; "": the whole bucket. */
  readonly prefix: string;
  /** null: the service's own. */
  readonly endpoint: string | null;
}

export type S3Place = BucketPlace & {
  readonly kind: "s3";
  readonly region: string | null;
  readonly pathStyle: boolean;
};
export type GcsPlace = BucketPlace & { readonly kind: "gcs" };
export type AzurePlace = BucketPlace & { readonly kind: "azure" };

export type BlobsConfig =
  | { readonly kind: "filesystem"; readonly folder: string }
  | { readonly kind: "memory" }
  | S3Place
  | GcsPlace
  | AzurePlace;

/** Those that contradict the kind, as sentences without values. */
export function blobContradictions({ kind, ...given }: Given): string[] {
  const known = KNOWN[kind];
  const others = Object.keys(given).filter((name) => !known.includes(name));
  const missing = known.includes("bucket") && given.bucket === undefined ? ["blobs.bucket is missing"] : [];
  return [...others.map((name) => `blobs.${name} is set, although blobs.kind is ${kind}`), ...missing];
}

const KNOWN: Readonly<Record<Given["kind"], readonly string[]>> = {
  filesystem: ["folder"],
  memory: [],
  s3: ["bucket", "prefix", "endpoint", "region", "pathStyle"],
  gcs: ["bucket", "prefix", "endpoint"],
  azure: ["bucket", "prefix", "endpoint"],
};

/** `given` has no contradictions; `folder` makes the path of a folder, also of the one that was not named. */
export function resolveBlobs(given: Given, folder: (named: string | undefined) => string): BlobsConfig {
  const { kind, bucket = "", prefix = "", endpoint = null, region = null, pathStyle = false } = given;
  const place = { bucket, prefix, endpoint: endpoint?.replace(/\/+$/, "") ?? null };
  if (kind === "filesystem") return { kind, folder: folder(given.folder) };
  if (kind === "memory") return { kind };
  return kind === "s3" ? { kind, ...place, region, pathStyle } : { kind, ...place };
}
