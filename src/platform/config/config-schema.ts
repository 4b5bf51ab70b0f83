// The configuration: every setting once, with its form, default, unit, variables and meaning.
//
// Names and defaults follow KS 11.5 where the meaning is the same, with the unit in the name.

import { Type } from "typebox";
import { CLOSED } from "./setting-notes.ts";
import { blobSettings } from "./settings/blob-settings.ts";
import { databaseSettings } from "./settings/database-settings.ts";
import { keySettings } from "./settings/key-settings.ts";
import { listenerSettings } from "./settings/listener-settings.ts";
import { observationSettings } from "./settings/observation-settings.ts";
import { processSettings } from "./settings/process-settings.ts";
import { sourceSettings } from "./settings/source-settings.ts";
import { storageSettings } from "./settings/storage-settings.ts";
import { uploadSettings } from "./settings/upload-settings.ts";

/** In the order in which people read about them. */
export const SETTING_GROUPS = [
  { title: "Process", settings: processSettings },
  { title: "Database", settings: databaseSettings },
  { title: "Objects and signing keys", settings: { ...blobSettings, ...storageSettings } },
  { title: "Listeners", settings: listenerSettings },
  { title: "Uploads", settings: uploadSettings },
  { title: "Keys, exports and locations", settings: keySettings },
  { title: "Imports and mirrors", settings: sourceSettings },
  { title: "Observation", settings: observationSettings },
] as const;

export const configSchema = Type.Object(
  {
    ...processSettings,
    ...databaseSettings,
    ...blobSettings,
    ...storageSettings,
    ...listenerSettings,
    ...uploadSettings,
    ...keySettings,
    ...sourceSettings,
    ...observationSettings,
  },
  CLOSED,
);
