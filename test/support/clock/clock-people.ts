// Phones with right clocks that upload to a machine whose clock may be wrong, and try again as often as they are asked to.

import { type Clock, HOUR, type UnixSeconds } from "../../../src/core/clock.ts";
import { makeRequest, type SentRequest, type TestAuthority } from "../certificates.ts";
import type { ClockMachine } from "./clock-machine.ts";

export interface Report {
  readonly name: string;
  readonly way: Way;
  readonly request: SentRequest;
  /** How the diagnosis is called at first, and later. */
  readonly first: string;
  readonly later: string | null;
  token: string | null;
  /** How many of its keys were taken so far. */
  inserted: number;
  isAcknowledged: boolean;
  isRevised: boolean;
  readonly refusals: string[];
}

/** How people come to upload: with a certificate of minutes or of a day, or by an app that needs none. */
export type Way = "certified" | "certified for a day" | "by the open app";

interface Said {
  readonly revisionToken?: string;
  readonly insertedExposures?: number;
  readonly code?: string;
  readonly error?: string;
}

export const APP = "org.state";
export const OPEN_APP = "org.open";

/** Of three keys of the days before today. */
export function makeReport(
  name: string,
  truth: Clock,
  { later = null, way = "certified" }: { readonly later?: string | null; readonly way?: Way } = {},
): Report {
  const midnight = Math.floor(truth.now() / (24 * HOUR)) * 144;
  return {
    name,
    way,
    request: makeRequest(3, midnight, 0),
    first: later === null ? "confirmed" : "likely",
    later,
    token: null,
    inserted: 0,
    isAcknowledged: false,
    isRevised: false,
    refusals: [],
  };
}

/** Uploads, or revises what was uploaded; what is not taken, and not put off either, is noted. Answers the status. */
export async function send(
  machine: ClockMachine,
  authority: TestAuthority,
  report: Report,
  now: UnixSeconds,
): Promise<number> {
  const isRevision = report.isAcknowledged;
  const reportType = isRevision ? report.later : report.first;
  const lifetime = report.way === "certified for a day" ? { exp: now + 23 * HOUR } : {};
  const body = {
    temporaryExposureKeys: report.request.keys,
    healthAuthorityID: report.way === "by the open app" ? OPEN_APP : APP,
    hmacKey: Buffer.from(report.request.hmacKey).toString("base64"),
    ...(report.way === "by the open app"
      ? {}
      : { verificationPayload: authority.certify(report.request, now, { reportType, ...lifetime }) }),
    ...(report.token === null ? {} : { revisionToken: report.token }),
  };
  const route = machine.server.publicRoutes.find(({ path }) => path === "/v1/publish");
  if (route === undefined) throw new Error("nothing is published here");
  const answer = await route.answer({
    method: "POST",
    headers: { "content-type": "application/json", "user-agent": "Dalvik (Linux; Android 13)" },
    body: Buffer.from(JSON.stringify(body)),
    clientAddress: "::1",
    now: machine.clock.now(),
  });
  const said = JSON.parse(answer.body) as Said;
  report.inserted += said.insertedExposures ?? 0;
  if (answer.status === 200 && report.inserted < report.request.keys.length) {
    report.refusals.push(`${report.name}: 400 partly taken, ${report.inserted} keys`);
    return 400;
  }
  if (answer.status === 200) {
    report.token = said.revisionToken ?? report.token;
    if (isRevision) report.isRevised = true;
    else report.isAcknowledged = true;
  } else if (answer.status !== 503) {
    report.refusals.push(`${report.name}: ${answer.status} ${said.code ?? ""} ${said.error ?? ""}`);
  } else if (answer.headers["retry-after"] === undefined) {
    report.refusals.push(`${report.name}: 503 without Retry-After`);
  }
  return answer.status;
}
