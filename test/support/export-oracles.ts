// The export format as two independent protobuf libraries understand it, from one description of the messages (KS 1.5).

import { create, createFileRegistry, fromBinary, isMessage, type Message, toBinary } from "@bufbuild/protobuf";
import { FieldDescriptorProto_Label, FieldDescriptorProto_Type, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import protobufjs from "protobufjs";

type ScalarName = "fixed64" | "string" | "int32" | "sint32" | "bytes";
type FieldRow = readonly [number: number, name: string, type: string, repeated?: "repeated"];

const MESSAGES: Readonly<Record<string, readonly FieldRow[]>> = {
  TemporaryExposureKeyExport: [
    [1, "startTimestamp", "fixed64"],
    [2, "endTimestamp", "fixed64"],
    [3, "region", "string"],
    [4, "batchNum", "int32"],
    [5, "batchSize", "int32"],
    [6, "signatureInfos", "SignatureInfo", "repeated"],
    [7, "keys", "TemporaryExposureKey", "repeated"],
    [8, "revisedKeys", "TemporaryExposureKey", "repeated"],
  ],
  SignatureInfo: [
    [3, "verificationKeyVersion", "string"],
    [4, "verificationKeyId", "string"],
    [5, "signatureAlgorithm", "string"],
  ],
  TemporaryExposureKey: [
    [1, "keyData", "bytes"],
    [2, "transmissionRiskLevel", "int32"],
    [3, "rollingStartIntervalNumber", "int32"],
    [4, "rollingPeriod", "int32"],
    [5, "reportType", "int32"],
    [6, "daysSinceOnsetOfSymptoms", "sint32"],
  ],
  TEKSignatureList: [[1, "signatures", "TEKSignature", "repeated"]],
  TEKSignature: [
    [1, "signatureInfo", "SignatureInfo"],
    [2, "batchNum", "int32"],
    [3, "batchSize", "int32"],
    [4, "signature", "bytes"],
  ],
};

/** Plain values under the names above; what is absent in the message is absent here. */
export type OracleMessage = Readonly<Record<string, unknown>>;

export interface Oracle {
  encode(message: string, value: OracleMessage): Uint8Array;
  decode(message: string, bytes: Uint8Array): OracleMessage;
}

function isScalar(type: string): type is ScalarName {
  return ["fixed64", "string", "int32", "sint32", "bytes"].includes(type);
}

const bufbuildTypes = {
  fixed64: FieldDescriptorProto_Type.FIXED64,
  string: FieldDescriptorProto_Type.STRING,
  int32: FieldDescriptorProto_Type.INT32,
  sint32: FieldDescriptorProto_Type.SINT32,
  bytes: FieldDescriptorProto_Type.BYTES,
} as const;

function bufbuildRegistry() {
  const messageType = Object.entries(MESSAGES).map(([name, fields]) => ({
    name,
    field: fields.map(([number, fieldName, type, repeated]) => ({
      name: fieldName,
      jsonName: fieldName,
      number,
      label: repeated ? FieldDescriptorProto_Label.REPEATED : FieldDescriptorProto_Label.OPTIONAL,
      ...(isScalar(type)
        ? { type: bufbuildTypes[type] }
        : { type: FieldDescriptorProto_Type.MESSAGE, typeName: `.${type}` }),
    })),
  }));
  return createFileRegistry(
    create(FileDescriptorSetSchema, { file: [{ name: "export.proto", syntax: "proto2", messageType }] }),
  );
}

function makeBufbuildOracle(): Oracle {
  const registry = bufbuildRegistry();
  const schemaOf = (name: string) => {
    const schema = registry.getMessage(name);
    if (schema === undefined) throw new Error(`no message ${name}`);
    return schema;
  };
  return {
    encode: (name, value) => toBinary(schemaOf(name), create(schemaOf(name), value)),
    decode: (name, bytes) => plain(fromBinary(schemaOf(name), bytes)),
  };
}

/** Own fields alone: what is absent stands in the prototype of proto2 messages. */
function plain(message: Message): OracleMessage {
  const entries = Object.entries(message).filter(([name]) => !name.startsWith("$"));
  return Object.fromEntries(entries.map(([name, value]) => [name, plainValue(value)]));
}

function plainValue(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (value instanceof Uint8Array) return new Uint8Array(value);
  if (Array.isArray(value)) return value.map(plainValue);
  if (isMessage(value)) return plain(value);
  return value;
}

function makeProtobufjsOracle(): Oracle {
  const nested = Object.fromEntries(
    Object.entries(MESSAGES).map(([name, fields]) => [
      name,
      {
        edition: "proto2",
        fields: Object.fromEntries(
          fields.map(([id, fieldName, type, rule]) => [fieldName, rule ? { id, type, rule } : { id, type }]),
        ),
      },
    ]),
  );
  const root = protobufjs.Root.fromJSON({ nested });
  return {
    encode: (name, value) => root.lookupType(name).encode(root.lookupType(name).fromObject(value)).finish(),
    decode: (name, bytes) => {
      const type = root.lookupType(name);
      const object: OracleMessage = type.toObject(type.decode(bytes), { longs: Number, arrays: true });
      return bytesAsUint8Array(object);
    },
  };
}

function bytesAsUint8Array(object: OracleMessage): OracleMessage {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, withoutBuffers(value)]));
}

function withoutBuffers(value: unknown): unknown {
  if (value instanceof Uint8Array) return new Uint8Array(value);
  if (Array.isArray(value)) return value.map(withoutBuffers);
  return typeof value === "object" && value !== null
    ? bytesAsUint8Array(Object.fromEntries(Object.entries(value)))
    : value;
}

export const ORACLES: Readonly<Record<string, Oracle>> = {
  "@bufbuild/protobuf": makeBufbuildOracle(),
  protobufjs: makeProtobufjsOracle(),
};
