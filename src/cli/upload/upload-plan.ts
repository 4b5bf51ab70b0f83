// What `enks upload` is asked for, checked.

import { InvalidArgumentError } from "commander";
import { createUploader, type Uploader } from "../../client/client.ts";
import type { Credential } from "../../client/client-types.ts";
import { CodedError } from "../../core/coded-error.ts";
import { parseP256PrivateKey } from "../../platform/keys/p256-private-key.ts";
import { readText } from "../read-text.ts";
import type { Surroundings } from "../surroundings.ts";
import { signCertificate } from "./sign-certificate.ts";

export const REPORT_TYPES = ["confirmed", "likely", "user-report"] as const;
export type TestReportType = (typeof REPORT_TYPES)[number];

export interface UploadFlags {
  readonly to: string;
  readonly app: string;
  readonly keys?: number;
  readonly count?: number;
  readonly every?: number;
  readonly for?: number;
  readonly chaff?: number;
  readonly revise?: true;
  readonly timeout?: number;
  readonly json?: true;
  readonly certificateUrl?: string;
  readonly certificateToken?: string;
  readonly apiKeyFile?: string;
  readonly signingKey?: string;
  readonly kid?: string;
  readonly issuer?: string;
  readonly audience?: string;
  readonly reportType?: TestReportType;
  readonly withoutCertificate?: true;
}

export interface UploadPlan {
  readonly uploader: Uploader;
  readonly keysPerUpload: number;
  readonly requestsPerRound: number;
  /** From the beginning of one round to that of the next; null: one round only. */
  readonly everySeconds: number | null;
  /** No round begins later; null: no end. */
  readonly forSeconds: number | null;
  /** 0 to 1. */
  readonly chaffShare: number;
  readonly isRevised: boolean;
  readonly reportType: TestReportType;
  readonly credentialFor: (reportType: TestReportType) => Credential;
}

export type UploadOptionsErrorCode = "upload_options_invalid";

/** A request for a server's own maximum would say nothing about what phones can do (KS 3.6). */
const MOST_KEYS = 30;

/** Throws `upload_options_invalid`, and what reading the files throws. */
export async function planFrom(flags: UploadFlags, surroundings: Surroundings): Promise<UploadPlan> {
  const { keys = 14, count = 10, every, for: duration, revise = false, timeout = 10 } = flags;
  if (keys < 1 || keys > MOST_KEYS) throw invalid(`--keys is a number from 1 to ${MOST_KEYS}`);
  if (count < 1) throw invalid("--count is a number from 1 up");
  if (timeout < 1) throw invalid("--timeout is at least a second");
  if (revise && flags.signingKey === undefined) {
    throw invalid("--revise needs --signing-key, since a revision is certified as of another report type");
  }
  const reportType = flags.reportType ?? (revise ? "likely" : "confirmed");
  if (revise && reportType === "confirmed") throw invalid("what is confirmed cannot be revised");
  const timeoutMilliseconds = timeout * 1_000;
  const { fetch } = surroundings;
  return {
    uploader: createUploader({ url: publishUrl(flags.to), healthAuthorityId: flags.app, fetch, timeoutMilliseconds }),
    keysPerUpload: keys,
    requestsPerRound: count,
    everySeconds: every ?? (duration === undefined ? null : 0),
    forSeconds: duration ?? null,
    chaffShare: flags.chaff ?? 0,
    isRevised: revise,
    reportType,
    credentialFor: await credentialsFrom(flags, surroundings),
  };
}

/** A URL that names no path of publishing gets the usual one. */
function publishUrl(text: string): string {
  const url = urlFrom(text, "--to");
  if (!url.pathname.endsWith("/publish")) url.pathname = `${url.pathname.replace(/\/+$/, "")}/v1/publish`;
  return url.href;
}

function urlFrom(text: string, option: string): URL {
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "") return url;
  throw invalid(`${option} takes a URL such as https://keys.example.org, without a name and a password in it`);
}

async function credentialsFrom(flags: UploadFlags, { clock }: Surroundings): Promise<UploadPlan["credentialFor"]> {
  const { certificateUrl, signingKey, withoutCertificate = false } = flags;
  const ways = [certificateUrl !== undefined, signingKey !== undefined, withoutCertificate];
  if (ways.filter(Boolean).length !== 1) {
    throw invalid("certificates come by one of --certificate-url, --signing-key and --without-certificate");
  }
  if (certificateUrl !== undefined) return askingFor(urlFrom(certificateUrl, "--certificate-url"), flags);
  const { certificateToken, apiKeyFile, issuer, audience, kid } = flags;
  if (certificateToken !== undefined || apiKeyFile !== undefined) {
    throw invalid("--certificate-token and --api-key-file go with --certificate-url");
  }
  if (signingKey === undefined) return () => null;
  if (!issuer || !audience || !kid) throw invalid("--signing-key needs --issuer, --audience and --kid");
  const privateKey = parseP256PrivateKey(signingKey, await readText(signingKey));
  return (reportType) => ({
    certify: async (hmac) =>
      signCertificate({ privateKey, kid, issuer, audience }, { hmac, reportType, now: clock.now() }),
  });
}

async function askingFor(url: URL, flags: UploadFlags): Promise<UploadPlan["credentialFor"]> {
  const { certificateToken, apiKeyFile, issuer, audience, kid, reportType } = flags;
  if ([issuer, audience, kid, reportType].some((flag) => flag !== undefined)) {
    throw invalid("--issuer, --audience, --kid and --report-type go with --signing-key");
  }
  const verificationServer = {
    url: url.href,
    ...(certificateToken === undefined ? {} : { token: certificateToken }),
    ...(apiKeyFile === undefined ? {} : { headers: { "x-api-key": (await readText(apiKeyFile)).trim() } }),
  };
  return () => ({ verificationServer });
}

/** "50%" as 0.5. */
export function percentValue(text: string): number {
  const percent = /^(\d{1,3}(?:\.\d+)?)%?$/.exec(text)?.[1];
  if (percent !== undefined && Number(percent) <= 100) return Number(percent) / 100;
  throw new InvalidArgumentError("It is a percentage such as 50%.");
}

function invalid(why: string): CodedError {
  return new CodedError<UploadOptionsErrorCode>("upload_options_invalid", why);
}
