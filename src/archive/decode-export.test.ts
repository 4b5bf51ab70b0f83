// Reading export.bin: the published vector, bad keys, tolerated oddities, damage.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sampleKeys } from "../../test/support/sample-archives.ts";
import { CodedError, codeOf } from "../core/coded-error.ts";
import { KeyBatch } from "../core/key-batch.ts";
import { runSteps } from "../core/steps.ts";
import { decodeExport } from "./decode-export.ts";
import { encodeExport } from "./encode-export.ts";
import { EXPORT_HEADER } from "./export-fields.ts";
import { nodeArchiveTools } from "./node-tools.ts";

// KS 1.14. Its keys have three bytes each.
const VECTOR = Buffer.from(
  "454b204578706f727420763120202020098066ab5e00000000119074ab5e000000001a02555320012801321d1a013122033331302a13312e322e" +
    "3834302e31303034352e342e332e323a0f0a03414243100818122000280230003a0f0a03444546100118762001280130013a0f0a03474849" +
    "10051876200128033001420b0a03313233100418642805",
  "hex",
);
const VECTOR_SHA256 = "ho9AqUPleXoGs4wc5PEUU7MvbToDryEnQ+rJ8Fb1Hvc=";

/** export.bin with this message, given as hex. */
function exportWith(...messages: string[]): Uint8Array {
  return Buffer.concat([EXPORT_HEADER, Buffer.from(messages.join("").replaceAll(" ", ""), "hex")]);
}

const KEY_DATA = "00112233445566778899aabbccddeeff";
function keyWith(fields: string): string {
  const body = `0a10${KEY_DATA}${fields.replaceAll(" ", "")}`;
  return `3a${(body.length / 2).toString(16).padStart(2, "0")}${body}`;
}

describe("the published vector", () => {
  test("has the published digest", async () => {
    expect(Buffer.from(await nodeArchiveTools.sha256(VECTOR)).toString("base64")).toBe(VECTOR_SHA256);
  });

  test("says what KS 1.14 says, and each of its short keys is refused by itself", () => {
    expect(runSteps(decodeExport(VECTOR))).toEqual({
      header: {
        start: Date.parse("2020-05-01T00:00:00Z") / 1_000,
        end: Date.parse("2020-05-01T01:00:00Z") / 1_000,
        region: "US",
        batchNum: 1,
        batchSize: 1,
        signatureInfos: [{ keyId: "310", keyVersion: "1", algorithm: "1.2.840.10045.4.3.2" }],
      },
      primaries: KeyBatch.empty,
      revised: KeyBatch.empty,
      refusedCounts: { key_length: 4 },
      refused: [
        { list: "primary", index: 0, reason: "key_length" },
        { list: "primary", index: 1, reason: "key_length" },
        { list: "primary", index: 2, reason: "key_length" },
        { list: "revised", index: 0, reason: "key_length" },
      ],
    });
  });

  test("is what we write, byte by byte, up to the first key", () => {
    const { header } = runSteps(decodeExport(VECTOR));
    const written = encodeExport({ ...header, primaries: KeyBatch.empty, revised: KeyBatch.empty });
    expect(Buffer.from(written).toString("hex")).toBe(VECTOR.subarray(0, written.length).toString("hex"));
    expect(VECTOR[written.length]).toBe(0x3a);
  });

  test("gives its values, with keys made long enough, and we write the same bytes back", () => {
    const lengthened = VECTOR.toString("hex")
      .replace(/3a0f0a03(414243)(?=10)/, (_, data: string) => `3a1c0a10${data.padEnd(32, "0")}`)
      .replace(/2000280230003a/, "2001280230003a")
      .replace(/3a0f0a03(444546)/, (_, data: string) => `3a1c0a10${data.padEnd(32, "0")}`)
      .replace(/3a0f0a03(474849)/, (_, data: string) => `3a1c0a10${data.padEnd(32, "0")}`)
      .replace(/420b0a03(313233)/, (_, data: string) => `42180a10${data.padEnd(32, "0")}`);
    const content = runSteps(decodeExport(Buffer.from(lengthened, "hex")));
    const values = Array.from(content.primaries, ({ keyData: _keyData, ...rest }) => Object.values(rest));
    expect(values).toEqual([
      [18, 1, 8, 2, 0],
      [118, 1, 1, 1, -1],
      [118, 1, 5, 3, -1],
    ]);
    expect(Object.values(content.revised.at(0)).slice(1)).toEqual([100, 144, 4, 5, null]);
    expect(Buffer.from(encodeExport({ ...content.header, ...content })).toString("hex")).toBe(lengthened);
  });
});

const GOOD_KEY = keyWith("1801 2001 2801");

describe("one bad key", () => {
  test.each([
    ["key_length", `3a11 0a0f${KEY_DATA.slice(2)}`],
    ["key_length", `3a13 0a11${KEY_DATA}00`],
    ["key_length", "3a00"],
    ["rolling_start_range", keyWith("18 ffffffffffffffffff01")],
    ["rolling_period_range", keyWith("20 00")],
    ["rolling_period_range", keyWith("20 9101")],
    ["transmission_risk_range", keyWith("10 09")],
    ["transmission_risk_range", keyWith("10 ffffffffffffffffff01")],
    ["report_type_unknown", keyWith("28 04")],
    ["onset_range", keyWith("30 1e")],
  ])("is refused as %s (%s) and its neighbours stay", (reason, badKey) => {
    const content = runSteps(decodeExport(exportWith(GOOD_KEY, badKey, GOOD_KEY)));
    expect(content.primaries.length).toBe(2);
    expect(content.refused).toEqual([{ list: "primary", index: 1, reason }]);
    expect(content.refusedCounts).toEqual({ [reason]: 1 });
  });

  test("is counted always, but only the first hundred are named", () => {
    const content = runSteps(decodeExport(exportWith("4200".repeat(250))));
    expect(content.refusedCounts).toEqual({ key_length: 250 });
    expect(content.refused).toHaveLength(100);
  });
});

describe("what readers have to tolerate", () => {
  test("absent values stay absent, an absent start is 0 and an absent period 144", () => {
    const [key] = runSteps(decodeExport(exportWith(keyWith("")))).primaries;
    expect(key).toMatchObject({ rollingStart: 0, rollingPeriod: 144 });
    expect(key).toMatchObject({ transmissionRisk: null, reportType: null, daysSinceOnset: null });
  });

  test("report type UNKNOWN is no type", () => {
    expect(runSteps(decodeExport(exportWith(keyWith("2800")))).primaries.reportType(0)).toBeNull();
  });

  test("metadata may stand between and behind keys", () => {
    const content = runSteps(
      decodeExport(exportWith(GOOD_KEY, "1a025858", GOOD_KEY, "09 0100000000000000 11 0200000000000000")),
    );
    expect(content.primaries.length).toBe(2);
    expect(content.header).toMatchObject({ start: 1, end: 2, region: "XX" });
  });

  test("unknown fields of every wire type are passed over, everywhere", () => {
    const unknown = "7801 7901020304050607 08 7a020102 7d01020304";
    const key = keyWith("3001 7a021234 4001 3d00000000");
    const content = runSteps(decodeExport(exportWith(unknown, key, unknown, "3206 7a020102 1a00", unknown)));
    expect(content.primaries.daysSinceOnset(0)).toBe(-1);
    expect(content.header.signatureInfos).toEqual([{ keyId: null, keyVersion: "", algorithm: null }]);
  });

  test("of a repeated value the last counts", () => {
    const content = runSteps(decodeExport(exportWith("1a0141 1a0142", keyWith("1801 1802"))));
    expect(content.header.region).toBe("B");
    expect(content.primaries.rollingStart(0)).toBe(2);
  });
});

describe("damage", () => {
  test.each([
    ["a number that does not end", "20 ff"],
    ["a number of more than ten bytes", "20 ffffffffffffffffffff01"],
    ["a length beyond the end", "1a05 5858"],
    ["a length of more than 32 bits", "1a 8080808080808080 01"],
    ["a key that reaches beyond the end", "3a7f 0a10"],
    ["a value that reaches beyond its message", `3a03 0a10${KEY_DATA}`],
    ["a text that is not UTF-8", "1a02 c328"],
    ["an instant cut off", "09 01020304"],
    ["an instant beyond the year 9999", "09 ffffffffff000000"],
    ["a known field with the wrong wire type", "0801"],
    ["a key value with the wrong wire type", keyWith("1a00")],
    ["field number 0", "0001"],
    ["a group", "7b7c"],
    ["a wire type that does not exist", "7e"],
    ["a field number of more than 29 bits", "f8ffffffff01 00"],
    ["more signature infos than anybody needs", "3200".repeat(33)],
  ])("%s is refused with a code", (_what, message) => {
    expect(() => runSteps(decodeExport(exportWith(message)))).toThrow(
      expect.objectContaining({ code: "archive_content_damaged" }),
    );
  });

  test.each([0, 1, 15])("a header of %i bytes is no header", (length) => {
    expect(() => runSteps(decodeExport(VECTOR.subarray(0, length)))).toThrow(
      expect.objectContaining({ code: "archive_header_invalid" }),
    );
  });

  test("bytes of any kind give content or a coded error, and nothing else", () => {
    const tail = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc
        .array(fc.constantFrom("3a", "42", "0a", "10", "18", "32", "1a", "ff", "01", "7b", GOOD_KEY))
        .map((parts) => exportWith(...parts).subarray(16)),
    );
    fc.assert(
      fc.property(tail, (bytes) => {
        expect(outcomeOf(Buffer.concat([EXPORT_HEADER, bytes]))).toMatch(/^(content|archive_content_damaged)$/);
      }),
    );
  });

  test("a file cut at any byte gives fewer keys or a coded error", () => {
    const whole = encodeExport({
      start: 1,
      end: 2,
      region: "XX",
      signatureInfos: [],
      primaries: sampleKeys(3),
      revised: KeyBatch.empty,
    });
    for (let length = 0; length < whole.length; length++) {
      const cut = whole.subarray(0, length);
      if (outcomeOf(cut) === "content") expect(runSteps(decodeExport(cut)).primaries.length).toBeLessThan(3);
      else expect(outcomeOf(cut)).toBe(length < 16 ? "archive_header_invalid" : "archive_content_damaged");
    }
  });
});

function outcomeOf(bytes: Uint8Array): string | undefined {
  try {
    runSteps(decodeExport(bytes));
    return "content";
  } catch (error) {
    if (error instanceof CodedError) return codeOf(error);
    throw error;
  }
}
