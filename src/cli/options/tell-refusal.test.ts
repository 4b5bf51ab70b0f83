// A refusal of the API in the words of a command's options.

import { Command } from "commander";
import { describe, expect, test } from "vitest";
import { CodedError } from "../../core/coded-error.ts";
import { BodyArgument, fills } from "./body-option.ts";
import { inWordsOfOptions } from "./tell-refusal.ts";

const program = new Command("enks");
const command = program
  .command("location")
  .command("create")
  .addArgument(new BodyArgument("name", "<name>", ""))
  .argument("<number>")
  .addOption(fills("seal/publicKeyPem", "--public-key <file>", ""))
  .addOption(fills("seal/signingKey", "--signing-key <name>", ""))
  .addOption(fills("regions", "--include <regions>", ""))
  .addOption(fills("statsEnabled", "--stats", ""))
  .addOption(fills("statsEnabled", "--no-stats", ""))
  .option("--limit <count>", "");

describe("a place of the request is told as", () => {
  test.each<[string, string, string]>([
    ["the option that fills it", "body/seal/publicKeyPem: is missing", "--public-key: is missing"],
    ["the option that fills what it lies in", "body/regions/3: must be string", "--include: must be string"],
    ["the options that fill a part of it", "body/seal: is bad", "--public-key or --signing-key: is bad"],
    ["the option, and not as the one that takes it back", "body/statsEnabled: is bad", "--stats: is bad"],
    ["the argument that fills it", "body/name: must match", "<name>: must match"],
    ["the argument of its name", "path/name: is bad", "<name>: is bad"],
    ["the last argument, whose name the API does not know", "path/id: is bad", "<number>: is bad"],
    ["the option of its name", "query/limit: must be >= 1", "--limit: must be >= 1"],
  ])("%s", (_, message, told) => {
    const error = inWordsOfOptions(
      command,
      new CodedError("request_invalid", message, { remedy: "GET /v1/openapi.json" }),
    );
    expect(error).toMatchObject({ code: "request_invalid", message: told });
    expect(error.remedy).toBe("`enks location create --help` says what it takes.");
  });
});

test("members that a sentence or a remedy names are told as options, and other words stay", () => {
  const error = new CodedError("location_seal_invalid", "regions of keyId and signingKey-x stay; publicKeyPem goes", {
    remedy: "Give signingKey, or publicKeyPem.",
  });
  expect(inWordsOfOptions(command, error)).toMatchObject({
    message: "regions of keyId and signingKey-x stay; --public-key goes",
    remedy: "Give --signing-key, or --public-key.",
  });
});

test("what has nothing to do with options is the same error", () => {
  const error = new CodedError("export_unknown", 'there is no export "a"');
  expect(inWordsOfOptions(command, error)).toBe(error);
});
