// `enks clock`: whether a server relies on its clock, an operator's word for it, and mending after a wrong one.

import type { Command } from "commander";
import type { ClockBody, PutBackBody } from "../../app/clock/clock-schemas.ts";
import type { Call } from "../call.ts";
import { fills } from "../options/body-option.ts";
import { renderFields } from "../output/render-fields.ts";
import { renderInstant } from "../output/render-time.ts";
import { wrapText } from "../output/wrap-text.ts";
import { instantValue } from "../parse/option-values.ts";
import { onServer, REFUSED } from "../server-command.ts";
import { renderClock } from "../status/render-clock.ts";
import type { Surroundings } from "../surroundings.ts";

/** A process in doubt looks every five seconds. */
const LOOKS = 15;
const BETWEEN_LOOKS_MILLISECONDS = 1_000;

export function addClockCommands(program: Command, surroundings: Surroundings): void {
  const group = program.command("clock").description("clock: whether the server relies on its own");

  onServer(
    group.command("show").description("show what the clock says, and what waits for it"),
    surroundings,
    async (call) => {
      call.show(await call.client.get<ClockBody>("/v1/clock"), (clock) => describe(clock, call));
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
      call.show(clock, () => describe(clock, call));
      return clock.waits === "nothing" ? 0 : REFUSED;
    },
  );

  const putBack = group
    .command("put-back")
    .description("judge again what was refused for its age while the clock was wrong unnoticed")
    .addOption(
      fills(
        "wrongSince",
        "--wrong-since <instant>",
        "since when it was wrong, or a little before, by the right time",
        instantValue(surroundings.clock),
      ).makeOptionMandatory(),
    );
  onServer(putBack, surroundings, async (call) => {
    const answer = await call.client.post<PutBackBody>("/v1/clock/put-backs", await call.body());
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

function describe(clock: ClockBody, { now, width }: Call): string {
  const lines = renderClock(clock);
  if (lines.length > 0) return lines.map((line) => wrapText(line, width, /^ */.exec(line)?.[0])).join("");
  return renderFields([
    ["time", renderInstant(clock.time, now())],
    ["relied on by", clock.evidence ?? "-"],
    ["contradicted by", clock.contradictedBy.join(", ") || "-"],
  ]);
}
