// What an error looks like to whoever asked.

import { describe, expect, test } from "vitest";
import { CodedError } from "../../../core/coded-error.ts";
import { refusalOf } from "./refusal.ts";

const framework = (code: string) => Object.assign(new Error("of the framework"), { code, statusCode: 499 });

describe("an error", () => {
  test("with a code is told with its sentence and remedy, without its cause", () => {
    const error = new CodedError("export_unknown", "there is none", { remedy: "Make it.", cause: new Error("secret") });
    expect(refusalOf(error, "r1")).toEqual({
      status: 404,
      headers: {},
      body: { code: "export_unknown", message: "there is none", remedy: "Make it.", requestId: "r1" },
    });
  });

  test("without a remedy has no member for it", () => {
    const { body } = refusalOf(new CodedError("export_unknown", "there is none"), "r1");
    expect(body).toEqual({ code: "export_unknown", message: "there is none", requestId: "r1" });
  });

  test("about the database does not tell where that is", () => {
    const { status, headers, body } = refusalOf(
      new CodedError("database_unreachable", "no answer from 10.1.2.3"),
      "r1",
    );
    expect([status, headers]).toEqual([503, { "retry-after": "5" }]);
    expect(JSON.stringify(body)).not.toContain("10.1.2.3");
  });

  test("whose code has no status is the server's fault", () => {
    expect(refusalOf(new CodedError("quota_exhausted", "x"), "r1")).toMatchObject({ status: 500 });
  });

  test.each([new Error("secret"), "secret", null, undefined, { code: 5 }, framework("FST_ERR_WHATEVER")])(
    "that nobody foresaw is told as that: %s",
    (error) => {
      const { status, body } = refusalOf(error, "r1");
      expect([status, body.code]).toEqual([500, "unexpected"]);
      expect(body.message).not.toMatch(/secret|framework/);
    },
  );

  test.each([
    ["FST_ERR_CTP_BODY_TOO_LARGE", 413, "body_too_large"],
    ["FST_ERR_CTP_INVALID_MEDIA_TYPE", 415, "content_type_unsupported"],
    ["FST_ERR_BAD_URL", 400, "request_malformed"],
  ])("of the framework has our code: %s", (code, status, ours) => {
    expect(refusalOf(framework(code), "r1")).toMatchObject({ status, body: { code: ours } });
  });
});
