// Who reports in a world, and the verification server that certifies their keys.

import type { VirtualClock } from "../../platform/time/virtual-clock.ts";
import type { Host, Network } from "../network/network.ts";
import { letReport, type ReportingWorld } from "../people/let-report.ts";
import { inventPeople } from "../people/people.ts";
import { openUploadSite } from "../people/upload-site.ts";
import { createVerification, type Verification, type VerificationOptions } from "../people/verification.ts";
import { planTimes } from "./plan-times.ts";
import { NATION_REGION, STATE_REGION } from "./set-up-servers.ts";
import type { WorldPlan } from "./world-plan.ts";
import type { WorldServer } from "./world-servers.ts";

/** The people of the server's region report to it until the plan's last report. */
export async function letPeopleReport(
  plan: WorldPlan,
  { name, site, url }: WorldServer,
  world: Omit<ReportingWorld, "random">,
  {
    clock,
    network,
    random,
  }: Pick<VerificationOptions, "clock"> & {
    readonly network: Network;
    readonly clock: VirtualClock;
    readonly random: ReportingWorld["random"];
  },
): Promise<void> {
  const healthUrl = `https://health.${name}.example`;
  const verification = createVerification(
    {
      issuer: `health.${name}`,
      clock,
      random: random.fork("codes"),
      rotatesAt: plan.startsAt + plan.switchAfterSeconds,
      jwksForm: name === "state" ? "list" : "object",
    },
    healthUrl,
  );
  network.place(healthUrl, hostOf(verification));
  const uploadSite = await openUploadSite(
    site.server(),
    url,
    verification,
    name === "state" ? STATE_REGION : NATION_REGION,
  );
  await site.runJob("refresh-jwks");
  const { lastReportAt } = planTimes(plan);
  const people = inventPeople(random.fork("people"), plan.startsAt, lastReportAt, plan.peoplePerDay[name]);
  letReport({ ...world, random: random.fork("reports") }, name, uploadSite, people);
}

function hostOf(verification: Verification): Host {
  return async ({ url, body }) => {
    const text = new TextDecoder().decode(body);
    const asked: Record<string, unknown> = text === "" ? {} : { ...JSON.parse(text) };
    const [status, answer] = verification.answer(new URL(url).pathname, asked);
    const bytes = Buffer.from(JSON.stringify(answer));
    return { status, headers: { "content-type": "application/json" }, bytes };
  };
}
