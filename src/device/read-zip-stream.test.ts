// Zips as streaming readers take them, and damaged ones.

import { crc32, deflateRawSync } from "node:zlib";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { codeOf } from "../core/coded-error.ts";
import { nodePhoneTools } from "./node-phone-tools.ts";
import { readZipStream } from "./read-zip-stream.ts";

interface EntryForm {
  readonly stored?: boolean;
  /** Sizes and checksum behind the data, as Go's zip writer has it. */
  readonly descriptor?: "with_mark" | "without_mark";
  readonly checksum?: number;
}

const TEXT = new TextEncoder().encode("the same text, the same text, the same text");

/** One local entry; a streaming reader needs nothing else. */
function entry(name: string, content: Uint8Array, form: EntryForm = {}): Uint8Array {
  const data = form.stored === true ? content : deflateRawSync(content);
  const header = new DataView(new ArrayBuffer(30));
  header.setUint32(0, 0x04034b50, true);
  header.setUint16(6, form.descriptor === undefined ? 0 : 8, true);
  header.setUint16(8, form.stored === true ? 0 : 8, true);
  header.setUint16(26, name.length, true);
  const sums = new DataView(new ArrayBuffer(16));
  sums.setUint32(0, 0x08074b50, true);
  sums.setUint32(4, form.checksum ?? crc32(content), true);
  sums.setUint32(8, data.length, true);
  sums.setUint32(12, content.length, true);
  const descriptor = new Uint8Array(sums.buffer);
  const front = new Uint8Array(header.buffer);
  if (form.descriptor === undefined) front.set(descriptor.subarray(4), 14);
  const behind = form.descriptor === undefined ? [] : [descriptor.subarray(form.descriptor === "with_mark" ? 0 : 4)];
  return Buffer.concat([front, new TextEncoder().encode(name), data, ...behind]);
}

function namesAndTexts(bytes: Uint8Array): string[] {
  return readZipStream(bytes, nodePhoneTools).map(({ name, content }) => `${name}: ${Buffer.from(content).toString()}`);
}

describe("entries are read from the front, without a central directory", () => {
  test.each<[string, EntryForm]>([
    ["deflated, sizes in front", {}],
    ["stored", { stored: true }],
    ["sizes behind, with their mark", { descriptor: "with_mark" }],
    ["sizes behind, without a mark", { descriptor: "without_mark" }],
  ])("%s", (_form, form) => {
    const bytes = Buffer.concat([entry("a", TEXT, form), entry("a", new Uint8Array(0), form), entry("b", TEXT, form)]);
    const text = new TextDecoder().decode(TEXT);
    expect(namesAndTexts(bytes)).toEqual([`a: ${text}`, "a: ", `b: ${text}`]);
  });
});

describe("damage", () => {
  test.each<[string, Uint8Array]>([
    ["wrong checksum", entry("a", TEXT, { checksum: 1 })],
    ["wrong checksum behind", entry("a", TEXT, { checksum: 1, descriptor: "with_mark" })],
    ["cut inside the header", entry("a", TEXT).subarray(0, 20)],
    ["cut inside the data", entry("a", TEXT).subarray(0, -4)],
    ["cut inside stored data", entry("a", TEXT, { stored: true }).subarray(0, -4)],
    ["cut inside the descriptor", entry("a", TEXT, { descriptor: "with_mark" }).subarray(0, -14)],
    ["stored with sizes behind", entry("a", TEXT, { stored: true, descriptor: "with_mark" })],
  ])("%s", (_damage, bytes) => {
    expect(() => readZipStream(bytes, nodePhoneTools)).toThrow("not readable");
  });

  test("no bytes make it throw anything else", () => {
    const beginning = entry("a", TEXT);
    fc.assert(
      fc.property(fc.nat(beginning.length), fc.uint8Array({ maxLength: 60 }), (kept, more) => {
        try {
          readZipStream(Buffer.concat([beginning.subarray(0, kept), more]), nodePhoneTools);
        } catch (error) {
          expect(codeOf(error)).toBe("zip_damaged");
        }
      }),
    );
  });
});
