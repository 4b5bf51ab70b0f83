// What a person, two suppliers, the nation and a stranger may do with the same keys, in any order.

import * as fc from "fast-check";
import { sql } from "kysely";
import { DAY, HOUR } from "../../src/core/clock.ts";
import { ReportType } from "../../src/core/exposure-key.ts";
import { KeyBatch } from "../../src/core/key-batch.ts";
import { raiseHorizon } from "../../src/features/exposures/horizon-queries.ts";
import { makeRequest, type SentRequest } from "../support/certificates.ts";
import { MIDNIGHT, type PublishWorld } from "../support/publish-world.ts";
import { type Command, command } from "./live-through.ts";
import { OTHER, type RightsModel, STATE, type SupplierId, type Uploader, WHOLE_DAY } from "./rights-model.ts";

const { confirmed, likely, revoked } = ReportType;
/** After a few changes nothing can happen to a key any more, so there are many. */
const KEYS = 8;

export interface RightsReal {
  readonly nation: PublishWorld;
  readonly state: PublishWorld;
  readonly requests: readonly SentRequest[];
  readonly tokens: Map<string, string>;
}

type Step = Command<RightsModel, RightsReal>;

const NAMES = new Map<ReportType, string>([
  [confirmed, "confirmed"],
  [likely, "likely"],
  [revoked, "negative"],
]);

const key = fc.nat(KEYS - 1);
const uploader = fc.constantFrom<Uploader>("person", "stranger", "stranger");
const supplier = fc.constantFrom<SupplierId>(STATE, OTHER);
const original = fc.constantFrom<ReportType>(likely, likely, confirmed);
const change = fc.constantFrom<ReportType>(confirmed, revoked, revoked);
const period = fc.constantFrom(WHOLE_DAY, WHOLE_DAY, WHOLE_DAY, 3);

const uploads = fc.tuple(uploader, key, original, period).map(upload);
const changes = fc.tuple(uploader, key, change).map(reviseUpload);
const arrivals = fc.tuple(supplier, key, original, fc.boolean()).map(bring);

/** As often as it takes for uploads to come first now and then, and to be followed by something. */
export const rightsCommands: readonly fc.Arbitrary<Step>[] = [
  uploads,
  uploads,
  uploads,
  changes,
  changes,
  changes,
  changes,
  changes,
  arrivals,
  arrivals,
  key.map(appear),
  fc.tuple(key, fc.constantFrom<ReportType>(likely, confirmed, revoked)).map(sendWithStatesToken),
  fc.tuple(supplier, key, change, fc.boolean()).map(revise),
  fc.constant(exportNow()),
];

export function makeRequests(): SentRequest[] {
  return Array.from({ length: KEYS }, () => makeRequest(1, MIDNIGHT, 0));
}

/** In an archive that the nation has not imported so far. */
function appear(name: number): Step {
  return command({
    name: `the state publishes key ${name}`,
    may: (model) => !model.open.has(name),
    take: async (model) => void model.open.add(name),
  });
}

/** A stranger knows no key that was in no archive. */
function upload([who, name, type, lasts]: [Uploader, number, ReportType, number]): Step {
  return command({
    name: `the ${who} uploads key ${name} as ${NAMES.get(type)} for ${lasts} intervals`,
    may: (model) => who === "person" || model.open.has(name),
    async take(model, real) {
      const isNew = !model.keys.has(name);
      model.upload(who, name, type, lasts);
      const { body } = await send(real, requestOf(real, name, lasts), type);
      if (isNew) real.tokens.set(`${who} ${name}`, body.revisionToken ?? "");
      await compare(model, real);
    },
  });
}

function reviseUpload([who, name, type]: [Uploader, number, ReportType]): Step {
  return command({
    name: `the ${who} makes key ${name} ${NAMES.get(type)}`,
    may: (model) => model.tokens.has(`${who} ${name}`),
    async take(model, real) {
      const before = model.inForce(name);
      const isOwned = (model.keys.get(name)?.owners.size ?? 0) > 0;
      model.reviseUpload(who, name, type);
      const lasts = model.tokens.get(`${who} ${name}`) ?? 0;
      await send(real, requestOf(real, name, lasts), type, real.tokens.get(`${who} ${name}`));
      await compare(model, real);
      const after = await inForce(real, name);
      if (isOwned && after === revoked && before !== revoked) throw new Error(`${who} withdrew a supplier's key`);
    },
  });
}

function sendWithStatesToken([name, type]: [number, ReportType]): Step {
  return command({
    name: `a token of the state comes with key ${name} as ${NAMES.get(type)}`,
    async take(model, real) {
      model.sendWithStatesToken(name, type);
      const request = requestOf(real, name, WHOLE_DAY);
      const entry = { ...exposureKeyOf(request, type), supplierId: null };
      const seal = await real.state.revision.prepareSealing(real.state.clock.now());
      await send(real, request, type, seal([entry]));
      await compare(model, real);
    },
  });
}

function bring([from, name, type, isEarly]: [SupplierId, number, ReportType, boolean]): Step {
  return command({
    name: `supplier ${from} brings key ${name} as ${NAMES.get(type)}, ${isEarly ? "from before" : "perhaps from here"}`,
    async take(model, real) {
      model.bring(from, name, type, isEarly);
      await deliver(real, from, { primaries: batchOf(real, name, type) }, isEarly);
      await compare(model, real);
    },
  });
}

function revise([from, name, type, isEarly]: [SupplierId, number, ReportType, boolean]): Step {
  return command({
    name: `supplier ${from} makes key ${name} ${NAMES.get(type)}, ${isEarly ? "from before" : "perhaps from here"}`,
    async take(model, real) {
      model.revise(from, name, type, isEarly);
      await deliver(real, from, { revised: batchOf(real, name, type) }, isEarly);
      await compare(model, real);
    },
  });
}

function exportNow(): Step {
  return command({
    name: "the nation exports all that it has",
    may: (model) => model.hours < 24,
    async take(model, { nation }) {
      model.hours++;
      model.export();
      nation.clock.advance(HOUR);
      await raiseHorizon(nation.database.db, Math.floor(nation.clock.now() / HOUR) * HOUR);
    },
  });
}

async function send({ nation }: RightsReal, request: SentRequest, type: ReportType, revisionToken?: string) {
  // Or it would be the certificate of before.
  nation.clock.advance(1);
  return nation.upload(request, { claims: { reportType: NAMES.get(type) }, members: { revisionToken } });
}

async function deliver(
  { nation }: RightsReal,
  supplierId: SupplierId,
  keys: { readonly primaries?: KeyBatch; readonly revised?: KeyBatch },
  isEarly: boolean,
): Promise<void> {
  const now = nation.clock.now();
  const request = {
    origin: { kind: "import", supplierId },
    regions: ["US-WA"],
    traveler: false,
    now,
    primaries: KeyBatch.empty,
    revised: KeyBatch.empty,
    publishedFrom: () => (isEarly ? 0 : now + DAY),
    ...keys,
  } as const;
  await nation.database.transaction((tx) => nation.exposures.save(tx, request));
}

function requestOf({ requests }: RightsReal, name: number, rollingPeriod: number): SentRequest {
  const request = requests[name];
  if (request === undefined) throw new Error(`there is no key ${name}`);
  return { ...request, keys: request.keys.map((one) => ({ ...one, rollingPeriod })) };
}

function exposureKeyOf({ keys: [sent] }: SentRequest, reportType: ReportType) {
  const { key: text = "", rollingStartNumber = 0, rollingPeriod = 0 } = sent ?? {};
  const keyData = Uint8Array.fromBase64(text);
  const values = { transmissionRisk: null, reportType, daysSinceOnset: null };
  return { keyData, rollingStart: rollingStartNumber, rollingPeriod, ...values };
}

function batchOf(real: RightsReal, name: number, type: ReportType): KeyBatch {
  return KeyBatch.from([exposureKeyOf(requestOf(real, name, WHOLE_DAY), type)]);
}

interface Row {
  readonly name: string;
  readonly type: number;
  readonly period: number;
  readonly owners: readonly number[];
}

async function readRows({ nation }: RightsReal): Promise<Row[]> {
  const { rows } = await sql<Row>`
    select encode(key_data, 'base64') as name, rolling_period as period,
      case when revised_at is null then report_type else revised_report_type end as type,
      array_remove(array[supplier_id] || coalesce(further_suppliers, '{}'), null) as owners
    from exposure`.execute(nation.database.db);
  return rows;
}

async function inForce(real: RightsReal, name: number): Promise<number | undefined> {
  return (await readRows(real)).find((row) => row.name === real.requests[name]?.keys[0]?.key)?.type;
}

function listed(owners: Iterable<number>): string {
  return [...owners].toSorted((left, right) => left - right).join();
}

async function compare(model: RightsModel, real: RightsReal): Promise<void> {
  const stored = (await readRows(real)).map(({ name, type, period: lasts, owners }) => {
    const at = real.requests.findIndex(({ keys: [sent] }) => sent?.key === name);
    return `${at} ${type} ${lasts} [${listed(owners)}]`;
  });
  const expected = [...model.keys].map(
    ([at, { period: lasts, owners }]) => `${at} ${model.inForce(at)} ${lasts} [${listed(owners)}]`,
  );
  const [are, should] = [stored.sort().join("; "), expected.sort().join("; ")];
  if (are !== should) throw new Error(`stored: ${are}\nexpected: ${should}`);
}
