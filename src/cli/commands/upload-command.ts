// `enks upload`: sends test uploads to a key server, this one or another, once or steadily; a prober.

import { type Command, Option } from "commander";
import { createSpinner } from "../output/spinner.ts";
import { countValue, durationValue } from "../parse/option-values.ts";
import { endWithCode, REFUSED } from "../server-command.ts";
import type { Surroundings } from "../surroundings.ts";
import { sendTestUploads } from "../upload/send-test-uploads.ts";
import { createTally, jsonLine, renderFailure, renderSummaries } from "../upload/summarise-results.ts";
import { percentValue, planFrom, REPORT_TYPES, type UploadFlags } from "../upload/upload-plan.ts";

/** Ends with 0, with 1 when an upload failed, with 2 when misused. */
export function addUploadCommand(program: Command, surroundings: Surroundings): void {
  const upload = program
    .command("upload")
    .description("send test uploads to a key server; the exit code says whether all were taken")
    .requiredOption("--to <url>", "the key server, such as https://keys.example.org")
    .requiredOption("--app <name>", "the app's name there; its regions publish the test keys, so take one for tests")
    .option("--keys <count>", "of each upload, from yesterday backwards (14)", countValue)
    .option("--count <count>", "requests in a row (10)", countValue)
    .option("--every <duration>", "begin again so often, for ever or as long as --for says", durationValue)
    .option("--for <duration>", "begin again until so long has passed", durationValue)
    .option("--chaff <percent>", "of the requests are chaff, such as 50%", percentValue)
    .option("--revise", "revise each upload to confirmed, with the revision token that it got")
    .option("--timeout <duration>", "how long to wait for an answer (10s)", durationValue)
    .option("--json", "a line of JSON for each request, and one for the summary")
    .optionsGroup("Certificates from a verification server:")
    .option("--certificate-url <url>", "where it issues them, such as https://verify.example.org/api/certificate")
    .option("--certificate-token <token>", "the token that it wants")
    .option("--api-key-file <file>", "with what to send as x-api-key")
    .optionsGroup("Certificates of one's own:")
    .option("--signing-key <pem>", "file with the private key of a health authority")
    .option("--kid <version>", "the version of that key")
    .option("--issuer <iss>", "of the health authority")
    .option("--audience <aud>", "of the health authority")
    .addOption(
      new Option("--report-type <type>", "of the uploads (confirmed; likely with --revise)").choices(REPORT_TYPES),
    )
    .optionsGroup("No certificates:")
    .option("--without-certificate", "for an app that needs none");
  upload.action((flags: UploadFlags) => endWithCode(upload, () => probe(flags, surroundings)));
}

async function probe(flags: UploadFlags, surroundings: Surroundings): Promise<number> {
  const { terminal } = surroundings;
  const plan = await planFrom(flags, surroundings);
  const spinner = createSpinner(terminal);
  const tally = createTally();
  let sent = 0;
  for await (const result of sendTestUploads(plan, surroundings)) {
    tally.add(result);
    spinner.clear();
    if (flags.json) terminal.write(jsonLine(result));
    else if (!result.isGood) terminal.writeError(renderFailure(result));
    spinner.turn(`${++sent} sent`);
  }
  spinner.clear();
  const summaries = tally.summaries();
  terminal.write(flags.json ? jsonLine({ summary: summaries }) : renderSummaries(summaries));
  return summaries.every(({ failed }) => failed === 0) ? 0 : REFUSED;
}
