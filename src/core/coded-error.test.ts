// Tests of the one error class.

import { describe, expect, test } from "vitest";
import { CodedError, codeOf } from "./coded-error.ts";

describe("a coded error", () => {
  test("carries code, message, remedy and cause", () => {
    const cause = new Error("no space left");
    const error = new CodedError("disk_full", "the archive cannot be written", { remedy: "Free some space.", cause });
    expect(error).toMatchObject({ code: "disk_full", message: "the archive cannot be written", name: "CodedError" });
    expect(error.remedy).toBe("Free some space.");
    expect(error.cause).toBe(cause);
  });

  test("has neither remedy nor cause unless given", () => {
    const error = new CodedError("disk_full", "the archive cannot be written");
    expect(error.remedy).toBeUndefined();
    expect(Object.hasOwn(error, "cause")).toBe(false);
  });

  test("keeps a cause that is undefined", () => {
    expect(Object.hasOwn(new CodedError("failed", "it failed", { cause: undefined }), "cause")).toBe(true);
  });
});

describe("the code of something thrown", () => {
  test("is that of a coded error", () => {
    expect(codeOf(new CodedError("disk_full", "full"))).toBe("disk_full");
  });

  test.each([[new Error("plain")], [Object.assign(new Error("from Node"), { code: "ENOSPC" })], ["text"], [null]])(
    "is undefined for %s",
    (thrown) => {
      expect(codeOf(thrown)).toBeUndefined();
    },
  );
});
