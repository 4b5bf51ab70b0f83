// Settings of the published objects: a folder, or a bucket of a service.

import { Type } from "typebox";
import { CLOSED, notes } from "../setting-notes.ts";

export const BLOB_KINDS = ["filesystem", "s3", "gcs", "azure", "memory"] as const;

/** Each may be left out; `resolve-blobs.ts` says which kind needs which. */
const places = {
  folder: Type.String({
    minLength: 1,
    ...notes({
      description: "The folder of published objects; a relative path begins at the data folder.",
      environment: ["ENKS_BLOBS_FOLDER"],
      defaultText: "`objects` in the data folder",
    }),
  }),
  bucket: Type.String({
    pattern: "^[A-Za-z0-9$][A-Za-z0-9._-]{1,221}$",
    ...notes({
      description: "The bucket; with `azure` the container.",
      environment: ["ENKS_BLOBS_BUCKET"],
    }),
  }),
  prefix: Type.String({
    pattern: "^[\\w~!$&'()+,;=@-][\\w.~!$&'()+,;=@-]*(/[\\w~!$&'()+,;=@-][\\w.~!$&'()+,;=@-]*)*$",
    maxLength: 200,
    ...notes({
      description: "What the names of all objects in the bucket begin with, without a slash at the end.",
      environment: ["ENKS_BLOBS_PREFIX"],
    }),
  }),
  region: Type.String({
    pattern: "^[a-z0-9-]{1,60}$",
    ...notes({
      description: "The bucket's region, with `s3`.",
      environment: ["ENKS_BLOBS_REGION"],
      defaultText: "as `AWS_REGION` or the profile says",
    }),
  }),
  endpoint: Type.String({
    pattern: "^https?://[^?#@\\s]+$",
    ...notes({
      description:
        "Where the service is, if it is not the one that made the protocol; with `azure` the account, as in `https://ACCOUNT.blob.core.windows.net`.",
      environment: ["ENKS_BLOBS_ENDPOINT"],
      defaultText: "the service's own",
    }),
  }),
  pathStyle: Type.Boolean({
    ...notes({
      description:
        "Whether the bucket is in the path of a URL instead of its host, with `s3`; many other services want it.",
      environment: ["ENKS_BLOBS_PATH_STYLE"],
      defaultText: "`false`",
    }),
  }),
};

export const blobSettings = {
  blobs: Type.Object(
    {
      kind: Type.Enum(BLOB_KINDS, {
        default: "filesystem",
        ...notes({
          description:
            "Where published objects are kept: a folder, Amazon S3 and what speaks its protocol, Google Cloud Storage, Azure Blob Storage. `memory` forgets them, for tests.",
          environment: ["ENKS_BLOBS_KIND"],
        }),
      }),
      ...Type.Partial(Type.Object(places)).properties,
    },
    { ...CLOSED, default: {} },
  ),
};
