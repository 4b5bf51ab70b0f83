// Reads exposure keys from the wire, keeps the well-formed ones and counts the others by reason.

import {
  type KeyRefusal,
  MAX_DAYS_SINCE_ONSET,
  MAX_ROLLING_PERIOD,
  type ReportType,
  refusalOfForm,
  type UnjudgedKey,
} from "../core/exposure-key.ts";
import { KeyBatchBuilder } from "../core/key-batch.ts";
import type { ArchiveProfile, ExportContent, RefusedKey } from "./archive-types.ts";
import { KeyField } from "./export-fields.ts";
import type { WireReader } from "./wire-reader.ts";
import { fieldTag, WireType } from "./wire-tags.ts";

const REFUSED_SHOWN = 100;
const NOTHING: Uint8Array = new Uint8Array(0);

export type KeyCounts = Readonly<Record<RefusedKey["list"], number>>;

/** Takes the keys of one export.bin in the order in which they come. */
export class KeyCollector {
  private readonly reader: WireReader;
  private readonly builders: Record<RefusedKey["list"], KeyBatchBuilder>;
  private readonly read = { primary: 0, revised: 0 };
  private readonly takesOnsetCodes: boolean;
  private readonly refusedCounts: Partial<Record<KeyRefusal, number>> = {};
  private readonly refused: RefusedKey[] = [];
  /** The one that is being read; a new object for each would cost more than reading it. */
  private readonly key: { -readonly [Name in keyof UnjudgedKey]: UnjudgedKey[Name] } & { rollingStart: number } = {
    keyData: NOTHING,
    rollingStart: 0,
    rollingPeriod: undefined,
    transmissionRisk: undefined,
    reportType: undefined,
    daysSinceOnset: undefined,
  };

  /** `counts`: how many keys will come, those that are not well-formed included. */
  constructor(reader: WireReader, counts: KeyCounts, { onsetCodes }: Pick<ArchiveProfile, "onsetCodes">) {
    this.reader = reader;
    this.takesOnsetCodes = onsetCodes;
    this.builders = {
      primary: new KeyBatchBuilder(counts.primary),
      revised: new KeyBatchBuilder(counts.revised),
    };
  }

  /** Reads the embedded key at the reader. */
  collect(list: RefusedKey["list"]): void {
    const { key } = this;
    this.readKey();
    const index = this.read[list]++;
    if (this.takesOnsetCodes && Math.abs(key.daysSinceOnset ?? 0) > MAX_DAYS_SINCE_ONSET)
      key.daysSinceOnset = undefined;
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

  /** Absent starts are 0, as protobuf reads them and as the reference writes them. */
  private readKey(): void {
    const { key } = this;
    key.keyData = NOTHING;
    key.rollingStart = 0;
    key.rollingPeriod = undefined;
    key.transmissionRisk = undefined;
    key.reportType = undefined;
    key.daysSinceOnset = undefined;
    this.reader.message(this.readField);
  }

  private readonly readField = (tag: number): void => {
    const { key, reader } = this;
    if (tag === KEY_DATA) key.keyData = reader.view();
    else if (tag === TRANSMISSION_RISK) key.transmissionRisk = reader.int32();
    else if (tag === ROLLING_START) key.rollingStart = reader.int32();
    else if (tag === ROLLING_PERIOD) key.rollingPeriod = reader.int32();
    else if (tag === REPORT_TYPE) key.reportType = reader.int32();
    else if (tag === DAYS_SINCE_ONSET) key.daysSinceOnset = reader.sint32();
    else reader.skipUnknown(tag, KeyField.keyData, KeyField.daysSinceOnset);
  };

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

const KEY_DATA = fieldTag(KeyField.keyData, WireType.delimited);
const TRANSMISSION_RISK = fieldTag(KeyField.transmissionRisk, WireType.varint);
const ROLLING_START = fieldTag(KeyField.rollingStart, WireType.varint);
const ROLLING_PERIOD = fieldTag(KeyField.rollingPeriod, WireType.varint);
const REPORT_TYPE = fieldTag(KeyField.reportType, WireType.varint);
const DAYS_SINCE_ONSET = fieldTag(KeyField.daysSinceOnset, WireType.varint);
