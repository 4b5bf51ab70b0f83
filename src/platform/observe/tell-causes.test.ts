// What a log says of a failure.

import { expect, test } from "vitest";
import { CodedError } from "../../core/coded-error.ts";
import { tellCauses } from "./tell-causes.ts";

test("the error is told with what lies behind it", () => {
  const error = new CodedError("database_unreachable", "PostgreSQL cannot be reached", {
    cause: new Error("connect ECONNREFUSED 127.0.0.1:5432"),
  });
  expect(tellCauses(error)).toBe(
    "CodedError: PostgreSQL cannot be reached; because of Error: connect ECONNREFUSED 127.0.0.1:5432",
  );
});

test("nothing in it is a key, it does not go on for ever, and what is no error is not shown", () => {
  expect(tellCauses(new Error(`no ${"0123456789abcdef".repeat(2)}`))).toBe("Error: no [redacted]");
  const round = new Error("round ".repeat(1_000));
  round.cause = round;
  expect(tellCauses(round).length).toBeLessThanOrEqual(1_000);
  expect(tellCauses("secret")).toBe("thrown: string");
});
