// PostgreSQL's address in parts.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { connectionOf } from "./connection-parts.ts";

const parts = { host: "db", port: 5_432, sslMode: "require" } as const;

test("KS X9: any password and any name are handed on as they are", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (password, name) => {
      expect(connectionOf({ ...parts, password, name })).toMatchObject({ host: "db", password, database: name });
    }),
  );
});

describe("encryption, as libpq means the modes", () => {
  test("disable, and the folder of a socket, have none", () => {
    expect(connectionOf({ ...parts, sslMode: "disable" }).ssl).toBe(false);
    expect(connectionOf({ ...parts, host: "/run/postgresql" }).ssl).toBe(false);
  });

  test("require encrypts without judging the certificate, unless there is a root certificate", () => {
    expect(connectionOf(parts).ssl).toMatchObject({ rejectUnauthorized: false });
    const folder = mkdtempSync(join(tmpdir(), "enks-ssl-"));
    const file = join(folder, "root.pem");
    writeFileSync(file, "PEM");
    const { ssl } = connectionOf({ ...parts, sslRootCertFile: file });
    rmSync(folder, { recursive: true });
    expect(ssl).toMatchObject({ rejectUnauthorized: true, ca: "PEM" });
    // Judged, whatever host it is for.
    expect(ssl).toHaveProperty("checkServerIdentity");
  });

  test("verify-full also judges the name", () => {
    const { ssl } = connectionOf({ ...parts, sslMode: "verify-full" });
    expect(ssl).toMatchObject({ rejectUnauthorized: true });
    expect(ssl).not.toHaveProperty("checkServerIdentity");
  });

  test("a file that cannot be read has a code", () => {
    const missing = { ...parts, sslCertFile: "/none.pem", sslKeyFile: "/none.pem" };
    expect(() => connectionOf(missing)).toThrow(expect.objectContaining({ code: "database_unreachable" }));
  });
});
