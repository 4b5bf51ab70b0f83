// What is no readable HTTP request gets an answer in the form of every refusal.

import type { Socket } from "node:net";
import { type ConnectionFault, createConnectionRefuser } from "../connection-refuser.ts";
import { adminError } from "./admin-error.ts";
import { refusalOf } from "./refusal.ts";
import { ANSWER_HEADERS } from "./refuse-request.ts";

/** A handler of `clientError`. */
export function createAdminConnectionRefuser(nextRequestId: () => string): (error: Error, socket: Socket) => void {
  return createConnectionRefuser((fault) => {
    const { body } = refusalOf(adminError(fault, MESSAGES[fault]), nextRequestId());
    return { headers: ANSWER_HEADERS, body: JSON.stringify(body) };
  });
}

const MESSAGES: Readonly<Record<ConnectionFault, string>> = {
  headers_too_large: "the request's headers are larger than this server takes",
  request_timeout: "the request took too long to arrive",
  request_malformed: "this is no readable HTTP request",
};
