// Where objects are, from settings: what each kind needs, and what it knows nothing of.

import { expect, test } from "vitest";
import { codeOf } from "../../core/coded-error.ts";
import { parseConfig } from "./config.ts";

test("a bucket is the whole of it unless a prefix is set, at the service's own address", () => {
  expect(parseConfig({ blobs: { kind: "s3", bucket: "keys" } }).blobs).toEqual({
    kind: "s3",
    bucket: "keys",
    prefix: "",
    endpoint: null,
    region: null,
    pathStyle: false,
  });
  const given = { kind: "gcs", bucket: "keys", prefix: "state/v1", endpoint: "https://storage.example/" };
  expect(parseConfig({ blobs: given }).blobs).toEqual({ ...given, endpoint: "https://storage.example" });
});

test.each([
  [{ kind: "s3" }, "blobs.bucket is missing"],
  [{ kind: "azure", bucket: "keys", region: "x" }, "blobs.region is set, although blobs.kind is azure"],
  [{ kind: "gcs", bucket: "keys", folder: "x" }, "blobs.folder is set, although blobs.kind is gcs"],
  [{ kind: "filesystem", bucket: "keys" }, "blobs.bucket is set, although blobs.kind is filesystem"],
  [{ kind: "s3", bucket: "keys", prefix: "/a" }, "blobs.prefix must match"],
  [{ kind: "s3", bucket: "keys", prefix: "a/" }, "blobs.prefix must match"],
  [{ kind: "s3", bucket: "keys", prefix: "a/../b" }, "blobs.prefix must match"],
  [{ kind: "s3", bucket: "keys", endpoint: "https://me:secret@s3.example" }, "blobs.endpoint must match"],
])("%j", (blobs, expected) => {
  let message = "";
  try {
    parseConfig({ blobs });
  } catch (error) {
    expect(codeOf(error)).toBe("config_invalid");
    message = String(error);
  }
  expect(message).toContain(expected);
  expect(message).not.toContain("secret");
});
