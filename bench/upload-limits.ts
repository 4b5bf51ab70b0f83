// What bounds uploads whatever a server does: signatures that a core verifies, and commits of their rows.

import { generateKeyPairSync, randomBytes, sign, verify } from "node:crypto";
import { Client } from "pg";
import { perSecond } from "./measure.ts";

const MEASURING_MILLISECONDS = 3_000;

/** Signatures per second: one core, one after the other, with nothing around it. */
export function measureVerifications(): number {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const text = Buffer.alloc(400, "x");
  const signature = sign("sha256", text, { key: privateKey, dsaEncoding: "ieee-p1363" });
  const startedAt = performance.now();
  let count = 0;
  for (; performance.now() - startedAt < MEASURING_MILLISECONDS; count++) {
    verify("sha256", text, { key: publicKey, dsaEncoding: "ieee-p1363" }, signature);
  }
  return perSecond(count, performance.now() - startedAt);
}

const TABLES = ["exposure", "upload_receipt", "certificate_use"];

/** The rows of one upload, all of them in one prepared statement that commits by itself. */
const INSERT = `
  with receipt as (insert into bare_upload_receipt values ($1, $2, $3)),
    certificate as (insert into bare_certificate_use values ($1, 1, $2))
  insert into bare_exposure (key_data, rolling_start, rolling_period, transmission_risk, report_type,
    days_since_onset, regions, traveler, origin, released_at)
  select key_data, rolling_start, 144, 2, 1, days_since_onset, '{XX}', false, 'upload', released_at
  from unnest($4::bytea[], $5::integer[], $6::smallint[], $7::bigint[])
    as sent (key_data, rolling_start, days_since_onset, released_at)`;

/**
 * Uploads per second whose rows `connections` clients insert: the same driver as the server's, one statement and one
 * commit for each upload, the values sent from here, into tables of the same shape and with the same indexes: keys, the
 * receipt, the use of the certificate. Nothing is looked up, judged or answered.
 */
export async function measureCommits(
  url: string,
  schema: string,
  keysEach: number,
  connections: number,
): Promise<number> {
  const options = { connectionString: url, options: `-c search_path=${schema}` };
  const clients = await Promise.all(
    Array.from({ length: connections }, async () => {
      const client = new Client(options);
      await client.connect();
      return client;
    }),
  );
  const [first] = clients;
  for (const table of TABLES) await first?.query(`create table bare_${table} (like ${table} including all)`);
  let count = 0;
  const startedAt = performance.now();
  const work = async (client: Client) => {
    for (; performance.now() - startedAt < MEASURING_MILLISECONDS; count++) {
      await client.query({ name: "insert", text: INSERT, values: valuesOfUpload(keysEach) });
    }
  };
  await Promise.all(clients.map(work));
  const rate = perSecond(count, performance.now() - startedAt);
  for (const table of TABLES) await first?.query(`drop table bare_${table}`);
  for (const client of clients) await client.end();
  return rate;
}

function valuesOfUpload(keysEach: number): unknown[] {
  const bytes = randomBytes(32 + 16 * keysEach);
  const keyData = bytes.subarray(32);
  const days = Array.from({ length: keysEach }, (_, day) => day);
  const releasedAt = 1_795_000_000;
  return [
    bytes.subarray(0, 32),
    releasedAt,
    keyData,
    days.map((day) => keyData.subarray(16 * day, 16 * (day + 1))),
    days.map((day) => 2_992_464 - 144 * day),
    days.map((day) => 2 - day),
    days.map(() => releasedAt),
  ];
}
