// Platforms by their User-Agent, as phones really write it.

import { expect, test } from "vitest";
import { platformOf } from "./platform-of.ts";

test.each([
  ["Dalvik/2.1.0 (Linux; U; Android 13; Pixel 7)", "android"],
  ["okhttp/4.9 ANDROID iPhone", "android"],
  ["ExposureApp/1.2 (iPhone; iOS 15.4)", "ios"],
  ["bluetoothd (unknown version) CFNetwork/1240.0.4 Darwin/20.6.0", "ios"],
  ["CFNetwork/1240.0.4 Darwin/20.6.0", "unknown"],
  ["bluetoothd", "unknown"],
  ["curl/8.0", "unknown"],
  ["", "unknown"],
  [undefined, "unknown"],
])("%s is %s", (userAgent, platform) => {
  expect(platformOf(userAgent)).toBe(platform);
});
