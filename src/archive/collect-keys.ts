// Reads exposure keys from the wire, keeps the well-formed ones and counts the others by reason.

import {
  type KeyRefusal,
  MAX_ROLLING_PERIOD,
  type ReportType,
  refusalOfForm,
  type UnjudgedKey,
} from "../core/exposure-key.ts";
import { KeyBatchBuilder } from "../core/key-batch.ts";
import type { ExportContent, RefusedKey } from "./archive-types.ts";
import { KeyField } from "./export-fields.ts";
import type { WireReader } from "./wire-reader.ts";
import { fieldTag, WireType } from "./wire-tags.ts";

const REFUSED_SHOWN = 100;
const NOTHING: Uint8Array = new Uint8Array(0);

/** Takes the keys of one export.bin in the order in which they come. */
export class KeyCollector {
  private readonly builders = { primary: new KeyBatchBuilder(), revised: new KeyBatchBuilder() };
  private readonly read = { primary: 0, revised: 0 };
  private readonly refusedCounts: Partial<Record<KeyRefusal, number>> = {};
  private readonly refused: RefusedKey[] = [];

  /** Reads the embedded key at the reader. */
  collect(reader: WireReader, list: RefusedKey["list"]): void {
    const key = readKey(reader);
    const index = this.read[list]++;
    const reason = refusalOfForm(key);
    if (reason !== null) return this.refuse({ list, index, reason });
    this.builders[list].add({
      keyData: key.keyData,
      rollingStart: key.rollingStart,
      rollingPeriod: key.rollingPeriod ?? MAX_ROLLING_PERIOD,
      transmissionRisk: key.transmissionRisk ?? null,
      reportType: knownReportType(key.reportType),
      daysSinceOnset: key.daysSinceOnset ?? null,
    });
  }

  finish(): Omit<ExportContent, "header"> {
    const { refusedCounts, refused } = this;
    return { primaries: this.builders.primary.build(), revised: this.builders.revised.build(), refusedCounts, refused };
  }

  private refuse(key: RefusedKey): void {
    this.refusedCounts[key.reason] = (this.refusedCounts[key.reason] ?? 0) + 1;
    if (this.refused.length < REFUSED_SHOWN) this.refused.push(key);
  }
}

/** `refusalOfForm` let nothing pass but the known types, 0 and absence. */
function knownReportType(value: number | undefined): ReportType | null {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- judged above
  return value === undefined || value === 0 ? null : (value as ReportType);
}

/** Absent starts are 0, as protobuf reads them and as the reference writes them. */
function readKey(reader: WireReader): UnjudgedKey & { rollingStart: number } {
  let keyData = NOTHING;
  let rollingStart = 0;
  let rollingPeriod: number | undefined;
  let transmissionRisk: number | undefined;
  let reportType: number | undefined;
  let daysSinceOnset: number | undefined;
  reader.message((tag) => {
    if (tag === KEY_DATA) keyData = reader.view();
    else if (tag === TRANSMISSION_RISK) transmissionRisk = reader.int32();
    else if (tag === ROLLING_START) rollingStart = reader.int32();
    else if (tag === ROLLING_PERIOD) rollingPeriod = reader.int32();
    else if (tag === REPORT_TYPE) reportType = reader.int32();
    else if (tag === DAYS_SINCE_ONSET) daysSinceOnset = reader.sint32();
    else reader.skipUnknown(tag, KeyField.keyData, KeyField.daysSinceOnset);
  });
  return { keyData, rollingStart, rollingPeriod, transmissionRisk, reportType, daysSinceOnset };
}

const KEY_DATA = fieldTag(KeyField.keyData, WireType.delimited);
const TRANSMISSION_RISK = fieldTag(KeyField.transmissionRisk, WireType.varint);
const ROLLING_START = fieldTag(KeyField.rollingStart, WireType.varint);
const ROLLING_PERIOD = fieldTag(KeyField.rollingPeriod, WireType.varint);
const REPORT_TYPE = fieldTag(KeyField.reportType, WireType.varint);
const DAYS_SINCE_ONSET = fieldTag(KeyField.daysSinceOnset, WireType.varint);
