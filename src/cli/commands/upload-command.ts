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
    .description("send test uploads to a key server, this one or another; exits with 1 when one was not accepted")
    .requiredOption("--to <url>", "public URL of the key server, such as https://keys.example.org")
    .requiredOption(
      "--app <name>",
      "name of an app there; its regions publish the test keys, so use one made for tests",
    )
    .option("--keys <count>", "keys of each upload, one a day from yesterday back (14)", countValue)
    .option("--count <count>", "requests, one after the other (10)", countValue)
    .option("--every <duration>", "start again this often, until Ctrl-C or as long as --for says", durationValue)
    .option("--for <duration>", "start again until this much time has passed", durationValue)
    .option("--chaff <percent>", "share of the requests that is chaff, such as 50% (0%)", percentValue)
    .option("--revise", "revise each upload to confirmed afterwards, with the revision token that it got")
    .option("--timeout <duration>", "how long to wait for an answer (10s)", durationValue)
    .option("--json", "print JSON, for programs: a line for each request, and one for the summary; errors too")
    .optionsGroup("Certificates from a verification server:")
    .option("--certificate-url <url>", "URL that issues them, such as https://verify.example.org/api/certificate")
    .option("--certificate-token <token>", "token that it asks for")
    .option("--api-key-file <file>", "file with the API key, sent as x-api-key")
    .optionsGroup("Certificates that this command signs itself:")
    .option("--signing-key <pem>", "PEM file with the private key of a health authority")
    .option("--kid <version>", "name of that key in certificates, such as v1")
    .option("--issuer <iss>", "value of iss, as the server knows the health authority")
    .option("--audience <aud>", "value of aud, as the server knows the health authority")
    .addOption(
      new Option("--report-type <type>", "report type of the uploads (confirmed; with --revise likely)").choices(
        REPORT_TYPES,
      ),
    )
    .optionsGroup("No certificates:")
    .option("--without-certificate", "send none, for an app that needs none");
  upload.action((flags: UploadFlags) => endWithCode(() => probe(flags, surroundings)));
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
