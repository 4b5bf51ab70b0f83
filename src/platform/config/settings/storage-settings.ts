// Settings of the keys that are kept beside the database: for signing and for encryption.

import { Type } from "typebox";
import { CLOSED, notes } from "../setting-notes.ts";

const STORES = ["filesystem", "memory"] as const;

const store = (what: string, variable: string, folder: string) =>
  Type.Object(
    {
      kind: Type.Enum(STORES, {
        default: "filesystem",
        ...notes({
          description: `Where ${what} are kept; \`memory\` forgets them, for tests.`,
          environment: [`ENKS_${variable}_KIND`],
        }),
      }),
      folder: Type.Optional(
        Type.String({
          minLength: 1,
          ...notes({
            description: `The folder of ${what}; a relative path begins at the data folder.`,
            environment: [`ENKS_${variable}_FOLDER`],
            defaultText: `\`${folder}\` in the data folder`,
          }),
        }),
      ),
    },
    { ...CLOSED, default: {} },
  );

export const storageSettings = {
  signingKeys: store("signing keys", "SIGNING_KEYS", "signing-keys"),
  encryptionKeys: store("encryption keys", "ENCRYPTION_KEYS", "encryption-keys"),
};
