// The publish API on the wire, version 1: requests read strictly, answers with their padding (KS 3.1-3.4).

import { MAX_ROLLING_PERIOD } from "../../core/exposure-key.ts";
import type { PublishErrorCode, PublishRequest, SentKey } from "./publish-types.ts";
import { isProblem, type JsonProblem, memberTypes, readMembers } from "./read-members.ts";

export const MAX_BODY_BYTES = 64_000;

const REQUEST = memberTypes({
  temporaryExposureKeys: "list",
  healthAuthorityID: "string",
  verificationPayload: "string",
  hmacKey: "string",
  symptomOnsetInterval: "int32",
  traveler: "boolean",
  revisionToken: "string",
  padding: "string",
});

const KEY = memberTypes({
  key: "string",
  rollingStartNumber: "int32",
  rollingPeriod: "int32",
  transmissionRisk: "integer",
});

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The JSON value of a body, or what is wrong with it. */
export function parseBody(body: Uint8Array): { readonly value: unknown } | JsonProblem {
  if (body.length === 0) return { problem: "the body is empty" };
  try {
    const value: unknown = JSON.parse(strictUtf8.decode(body));
    return { value };
  } catch {
    return { problem: "the body is no JSON in UTF-8" };
  }
}

/** A body of `null` is an empty request (KS 3.1). */
export function readPublishRequest(value: unknown): PublishRequest | JsonProblem {
  const members = readMembers(value ?? {}, "the request", REQUEST);
  if (isProblem(members)) return members;
  const keys: SentKey[] = [];
  for (const [index, item] of list(members, "temporaryExposureKeys").entries()) {
    const sent = readKey(item, index);
    if (isProblem(sent)) return sent;
    keys.push(sent);
  }
  return {
    keys,
    healthAuthorityId: text(members, "healthAuthorityID"),
    verificationPayload: text(members, "verificationPayload"),
    hmacKey: text(members, "hmacKey"),
    symptomOnsetInterval: number(members, "symptomOnsetInterval", 0) || null,
    traveler: members.get("traveler") === true,
    revisionToken: text(members, "revisionToken"),
  };
}

function readKey(item: unknown, index: number): SentKey | JsonProblem {
  const members = readMembers(item ?? {}, `key ${index}`, KEY);
  if (isProblem(members)) return members;
  return {
    key: text(members, "key"),
    rollingStartNumber: number(members, "rollingStartNumber", 0),
    rollingPeriod: number(members, "rollingPeriod", MAX_ROLLING_PERIOD),
    transmissionRisk: number(members, "transmissionRisk", 0),
  };
}

function text(members: ReadonlyMap<string, unknown>, name: string): string {
  const value = members.get(name);
  return typeof value === "string" ? value : "";
}

function number(members: ReadonlyMap<string, unknown>, name: string, absent: number): number {
  const value = members.get(name);
  return typeof value === "number" ? value : absent;
}

function list(members: ReadonlyMap<string, unknown>, name: string): readonly unknown[] {
  const value = members.get(name);
  return Array.isArray(value) ? value : [];
}

export interface PublishAnswer {
  readonly revisionToken?: string | undefined;
  readonly insertedExposures?: number | undefined;
  readonly error?: string | undefined;
  readonly code?: PublishErrorCode | undefined;
  readonly warnings?: readonly string[] | undefined;
}

/** Members that are empty or zero are left out (KS 3.3). */
export function writePublishAnswer(answer: PublishAnswer, padding: string): string {
  return JSON.stringify({
    revisionToken: answer.revisionToken || undefined,
    insertedExposures: answer.insertedExposures || undefined,
    error: answer.error || undefined,
    code: answer.code,
    padding,
    warnings: answer.warnings !== undefined && answer.warnings.length > 0 ? answer.warnings : undefined,
  });
}
