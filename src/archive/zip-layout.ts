// The records of a zip file and where their fields stand (PKWARE's APPNOTE 4.3.7, 4.3.9, 4.3.12, 4.3.14 to 4.3.16, 4.5.3).

export const Signature = {
  local: 0x04034b50,
  central: 0x02014b50,
  end: 0x06054b50,
  descriptor: 0x08074b50,
  end64: 0x06064b50,
  locator64: 0x07064b50,
} as const;
export const Method = { stored: 0, deflated: 8 } as const;
export const Flag = { compressionLevel: 0x0006, descriptor: 0x0008, utf8: 0x0800 } as const;

/** Offsets in a local header, which is followed by name, extra field and data. */
export const Local = {
  flags: 6,
  method: 8,
  crc: 14,
  compressedSize: 18,
  size: 22,
  nameLength: 26,
  extraLength: 28,
  length: 30,
} as const;

/** Offsets in an entry of the central directory, which is followed by name, extra field and comment. */
export const Central = {
  versionMadeBy: 4,
  versionNeeded: 6,
  flags: 8,
  method: 10,
  crc: 16,
  compressedSize: 20,
  size: 24,
  nameLength: 28,
  extraLength: 30,
  commentLength: 32,
  disk: 34,
  localOffset: 42,
  length: 46,
} as const;

/** Offsets in the record that ends the file. */
export const End = {
  disk: 4,
  directoryDisk: 6,
  entriesOnDisk: 8,
  entries: 10,
  directorySize: 12,
  directoryOffset: 16,
  commentLength: 20,
  length: 22,
} as const;

/** Offsets in the Zip64 record of the end, in its first version; `size` counts what follows itself. */
export const Record64 = {
  size: 4,
  disk: 16,
  directoryDisk: 20,
  entriesOnDisk: 24,
  entries: 32,
  directorySize: 40,
  directoryOffset: 48,
  length: 56,
} as const;

/** Offsets in the record that says where the Zip64 record is. */
export const Locator64 = { recordOffset: 8, length: 20 } as const;

/** The id of the extra field with numbers of 64 bits. */
export const EXTRA_ZIP64 = 0x0001;
