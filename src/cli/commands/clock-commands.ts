// `enks clock`: whether a server relies on its clock, an operator's word for it, and mending after a wrong one.

import type { Command } from "commander";
import type { ClockBody, PutBackBody } from "../../app/clock/clock-schemas.ts";
import { renderFields } from "../output/render-fields.ts";
import { renderInstant } from "../output/render-time.ts";
import { instantValue } from "../parse/option-values.ts";
import { type Call, onServer, REFUSED } from "../server-command.ts";
import { renderClock } from "../status/render-clock.ts";
import type { Surroundings } from "../surroundings.ts";

/** A process in doubt looks every five seconds. */
const LOOKS = 15;
const BETWEEN_LOOKS_MILLISECONDS = 1_000;

export function addClockCommands(program: Command, surroundings: Surroundings): void {
  const group = program.command("clock").description("whether the server relies on its clock");

  onServer(
    group.command("show").description("what the clock says, and what waits for it"),
    surroundings,
    async (call) => {
      call.show(await call.client.get<ClockBody>("/v1/clock"), (clock) => describe(clock, call.now));
    },
  );

  onServer(
    group
      .command("confirm")
      .description("say that the server's clock is right; it then goes on, and puts back what lies ahead")
      .addHelpText(
        "after",
        "\nLook at the time that `enks clock show` tells first: what is due by it is published, expired and deleted.",
      ),
    surroundings,
    async (call) => {
      await call.client.post<ClockBody>("/v1/clock/confirmations");
      const clock = await awaitTrust(call);
      call.show(clock, () => describe(clock, call.now));
      return clock.waits === "nothing" ? 0 : REFUSED;
    },
  );

  const putBack = group
    .command("put-back")
    .description("judge again what was refused for its age while the clock was wrong unnoticed")
    .requiredOption(
      "--wrong-since <instant>",
      "since when, or a little before, by the right time",
      instantValue(surroundings.clock),
    );
  onServer(putBack, surroundings, async (call, { wrongSince }: { readonly wrongSince: string }) => {
    const answer = await call.client.post<PutBackBody>("/v1/clock/put-backs", { wrongSince });
    call.show(answer, ({ counts }) => {
      const found = counts.filter(({ count }) => count > 0);
      if (found.length === 0) return "nothing had to be put back\n";
      return renderFields(found.map(({ what, count }) => [what, String(count)]));
    });
  });
}

/** The clock once nothing waits for it any more, or as it is after a while. */
async function awaitTrust({ client, surroundings }: Call): Promise<ClockBody> {
  for (let look = 1; ; look++) {
    const clock = await client.get<ClockBody>("/v1/clock");
    if (clock.waits === "nothing" || look === LOOKS) return clock;
    await surroundings.pause(BETWEEN_LOOKS_MILLISECONDS);
  }
}

function describe(clock: ClockBody, now: number): string {
  const lines = renderClock(clock);
  if (lines.length > 0) return `${lines.join("\n")}\n`;
  return renderFields([
    ["time", renderInstant(clock.time, now)],
    ["relied on by", clock.evidence ?? "-"],
    ["contradicted by", clock.contradictedBy.join(", ") || "-"],
  ]);
}
