// Reads an index.txt, and tells it from the pages that servers answer in its place (KS 13.4 I4).

import { CodedError } from "../../core/coded-error.ts";
import { readIndexText } from "../index-text.ts";
import type { FetchedListing, ListingErrorCode } from "./listing-types.ts";

/** The lines of the index; whether each can be used is judged line by line. Throws CodedError<ListingErrorCode>. */
export function readTextIndex({ bytes, contentType }: FetchedListing): string[] {
  if (isHtmlType(contentType)) throw notIndex("index_html", `the index came as ${contentType}`);
  const lines = readIndexText(decodeText(bytes));
  if (/^[<{[]/.test(lines[0] ?? "")) throw notIndex("index_html", "the index looks like HTML or JSON");
  return lines;
}

function isHtmlType(contentType: string | null): boolean {
  return /^\s*(text\/html|application\/xhtml\+xml)\b/i.test(contentType ?? "");
}

function decodeText(bytes: Uint8Array): string {
  if (bytes.includes(0)) throw notIndex("index_not_text", "the index holds zero bytes");
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw notIndex("index_not_text", "the index is not UTF-8 text", cause);
  }
}

function notIndex(code: ListingErrorCode, message: string, cause?: unknown): CodedError<ListingErrorCode> {
  return new CodedError(code, message, cause === undefined ? {} : { cause });
}
