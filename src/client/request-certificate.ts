// Gets a certificate from a verification server, as phones do: for the HMAC of their keys.

import { drawText } from "./build-request.ts";
import { uploaderError, type VerificationServer } from "./client-types.ts";
import { type Connection, exchange } from "./exchange.ts";
import type { RandomBytes } from "./random-bytes.ts";
import { readJsonMembers, textOf } from "./read-json.ts";

const MAX_ANSWER_BYTES = 64 * 1024;
const PADDING_CHARACTERS = 1_024;

/** Posts `{token, ekeyhmac, padding}` and takes `certificate` from the answer. Throws `certificate_unavailable`. */
export async function requestCertificate(
  connection: Connection,
  { url, token, headers = {} }: VerificationServer,
  hmac: string,
  randomBytes: RandomBytes,
): Promise<string> {
  const question = { token, ekeyhmac: hmac, padding: drawText(PADDING_CHARACTERS, randomBytes) };
  const init: RequestInit = {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    // The token is for this server and no other one.
    redirect: "manual",
    body: JSON.stringify(question),
  };
  const exchanged = await exchange(connection, url, init, MAX_ANSWER_BYTES);
  if (exchanged.kind === "failure") throw unavailable(exchanged.message, exchanged.cause);
  const members = readJsonMembers(exchanged.body);
  const certificate = textOf(members?.["certificate"]);
  if (exchanged.status === 200 && certificate !== "") return certificate;
  throw unavailable(`it answers ${exchanged.status} ${textOf(members?.["error"]).slice(0, 200)}`.trim());
}

function unavailable(why: string, cause?: unknown): Error {
  return uploaderError("certificate_unavailable", `the verification server gave no certificate: ${why}`, { cause });
}
