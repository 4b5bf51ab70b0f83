// Which addresses of PostgreSQL get `require`.

import { expect, test } from "vitest";
import { withRequiredTls } from "./require-tls.ts";

test.each([
  "postgres://db",
  "postgres://user:p%40ss@db.example:5432/enks",
  "postgresql://127.0.0.1/enks?application_name=x",
  "postgres://db/enks?sslmode=",
  "postgres://db/enks?nossl=1",
])("%s is encrypted", (url) => {
  expect(withRequiredTls(url)).toMatch(/[?&]sslmode=require&uselibpqcompat=true$/);
});

test.each([
  "postgres://db/enks?sslmode=disable",
  "postgres://db/enks?sslmode=verify-full&sslrootcert=/ca.pem",
  "postgres://db/enks?ssl=true",
  "postgres:///enks",
  "postgres://user@/enks?host=/var/run/postgresql",
  "postgres://%2Fvar%2Frun%2Fpostgresql/enks",
  "postgres://db/enks?host=/var/run/postgresql",
])("%s is left as it is", (url) => {
  expect(withRequiredTls(url)).toBe(url);
});
