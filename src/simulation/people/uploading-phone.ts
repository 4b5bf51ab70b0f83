// A person's phone as far as it uploads: it gets a certificate, repeats until it has an answer, keeps the revision token.

import { createUploader } from "../../client/client.ts";
import type { ReportTypeName } from "../../core/report-type.ts";
import type { Person } from "./people.ts";
import type { UploadSite } from "./upload-site.ts";

/** What became of the uploads of a world. */
export interface UploadTotals {
  /** Those that were repeated included, chaff not. */
  requests: number;
  acknowledged: number;
  repeated: number;
  /** Refused, taken in part, or given up after many attempts. */
  failed: number;
  chaff: number;
  /** Not answered as an upload is. */
  chaffFailed: number;
  /** Of the acknowledged uploads. */
  keys: number;
  revisedKeys: number;
}

export function noUploads(): UploadTotals {
  return { requests: 0, acknowledged: 0, repeated: 0, failed: 0, chaff: 0, chaffFailed: 0, keys: 0, revisedKeys: 0 };
}

export interface UploadingPhone {
  /** Uploads the person's keys, with the token of its last upload if there is one; answers whether all were taken. */
  upload(site: UploadSite, person: Pick<Person, "keys" | "onset">, reportType: ReportTypeName): Promise<boolean>;
  sendChaff(site: UploadSite): Promise<void>;
}

/** More than any network needs to let one through. */
const ATTEMPTS = 20;

export function createUploadingPhone(network: typeof fetch, totals: UploadTotals): UploadingPhone {
  let revisionToken: string | null = null;
  const uploaderFor = ({ publishUrl, app }: UploadSite) =>
    createUploader({ url: publishUrl, healthAuthorityId: app, fetch: network });
  // No time passes in the world while a phone waits.
  const pause = async () => {
    totals.requests++;
    totals.repeated++;
  };
  return {
    async upload(site, { keys, onset }, reportType) {
      const uploader = uploaderFor(site);
      const onsetInterval = onset?.statedBy === "authority" ? onset.interval : null;
      const token = site.verification.diagnose({ reportType, onsetInterval });
      const prepared = await uploader.prepare({
        keys,
        credential: { verificationServer: { url: site.verification.certificateUrl, token } },
        ...(onset?.statedBy === "phone" ? { symptomOnsetInterval: onset.interval } : {}),
        ...(revisionToken === null ? {} : { revisionToken }),
      });
      totals.requests++;
      const answer = await uploader.sendRepeatedly(prepared, { attempts: ATTEMPTS, pause });
      if (answer.outcome !== "stored" || answer.warnings.length > 0) {
        totals.failed++;
        return false;
      }
      totals.acknowledged++;
      if (revisionToken === null) totals.keys += keys.length;
      else totals.revisedKeys += keys.length;
      revisionToken = answer.revisionToken;
      return true;
    },
    async sendChaff(site) {
      totals.chaff++;
      const { isAnswered } = await uploaderFor(site).sendChaff();
      if (!isAnswered) totals.chaffFailed++;
    },
  };
}
