// The contract of object storage, put to every service by way of a program that speaks its protocol.

import { afterAll, beforeAll, describe, test } from "vitest";
import type { CounterpartName } from "../../scripts/counterparts/counterparts.ts";
import { describeBlobStore } from "../support/blob-store-contract.ts";
import { freshPrefix, openServiceStore, SERVICES, type ServiceName } from "../support/bucket-stores.ts";
import { isInstalled, type RunningCounterpart } from "../support/counterparts.ts";

const PROGRAMS: Readonly<Record<ServiceName, CounterpartName>> = {
  s3: "versitygw",
  gcs: "fake-gcs-server",
  azure: "azurite",
};
/** Each call is a request. */
const RUNS = 10;

describe.each(Object.entries(PROGRAMS) as [ServiceName, CounterpartName][])("%s by %s", (name, program) => {
  if (!isInstalled("libraries", program)) {
    test.skip(`${program} cannot be had here`, () => undefined);
    return;
  }
  const service = SERVICES[name];
  let running: RunningCounterpart;
  beforeAll(async () => {
    running = await service.start();
    await service.prepare(running.endpoint);
  });
  afterAll(() => running.stop());

  describeBlobStore(name, () => openServiceStore(service, running.endpoint, freshPrefix()), RUNS);
});
