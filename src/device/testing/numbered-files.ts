// A web of numbered archives for the tests of phones: each holds one key, filled with the number of its file.

import { KeyBatch } from "../../core/key-batch.ts";
import { nodePhoneTools } from "../node-phone-tools.ts";
import type { Phone } from "../phone.ts";
import type { KindOptions } from "../phone-kind.ts";
import { createFakeWeb, type FakeWeb } from "./fake-web.ts";
import { buildSignedArchive, makeSigner, type TestSigner } from "./make-archive.ts";

export const signer = makeSigner("310", "v1");
export const stranger = makeSigner("999", "v1");

export const INDEX_URL = "https://h/v1/index.txt";
export const nameOf = (number: number): string => `v1/${number}00-${number + 1}00-00001.zip`;
export const urlOf = (number: number): string => `https://h/${nameOf(number)}`;
export const keyHexOf = (number: number): string => Buffer.alloc(16, number).toString("hex");

/** Asked for once, an archive stays the same. */
const archives = new Map<string, Promise<Uint8Array>>();

export function archiveOf(number: number, by: TestSigner = signer): Promise<Uint8Array> {
  const identity = `${number} ${by.keyId}`;
  const made = archives.get(identity) ?? makeNumbered(number, by);
  archives.set(identity, made);
  return made;
}

async function makeNumbered(number: number, by: TestSigner): Promise<Uint8Array> {
  const values = { rollingStart: 0, rollingPeriod: 144, transmissionRisk: null, daysSinceOnset: 2 };
  const primaries = KeyBatch.from([{ ...values, reportType: 1, keyData: new Uint8Array(16).fill(number) }]);
  const window = { start: number * 100, end: number * 100 + 100 };
  return buildSignedArchive({ ...window, region: "XX", primaries, revised: KeyBatch.empty }, by);
}

/** A web that holds and lists the files of these numbers. */
export async function webListing(...numbers: readonly number[]): Promise<FakeWeb> {
  const web = createFakeWeb();
  await listFiles(web, ...numbers);
  return web;
}

/** From now on these are listed; what was put before stays. */
export async function listFiles(web: FakeWeb, ...numbers: readonly number[]): Promise<void> {
  for (const number of numbers) {
    if (!web.pages.has(urlOf(number))) web.pages.set(urlOf(number), await archiveOf(number));
  }
  web.pages.set(INDEX_URL, numbers.map(nameOf).join("\n"));
}

export function optionsFor(web: FakeWeb): KindOptions<never> {
  return {
    name: "phone",
    indexUrl: INDEX_URL,
    baseUrl: "https://h/",
    trustedKeys: [[signer.trusted]],
    fetch: web.fetch,
    tools: nodePhoneTools,
  };
}

/** The numbers of the files whose keys the phone holds, rising. */
export function numbersHeldBy(phone: Phone): number[] {
  return [...phone.heldKeys()].map(({ keyHex }) => Number.parseInt(keyHex.slice(0, 2), 16)).sort((a, b) => a - b);
}

/** Whole numbers from `first` to `last`, both included. */
export function range(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}
