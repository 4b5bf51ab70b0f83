// Downloads as a phone's HTTP client makes them, with the retries of its app (DB 1.6, last rows).

export interface DeviceResponse {
  readonly status: number;
  readonly bytes: Uint8Array;
}

/** The phone's network; rejects when it fails. */
export type DeviceFetch = (url: string) => Promise<DeviceResponse>;

export interface FailedDownload {
  readonly url: string;
  /** null: the network failed. */
  readonly status: number | null;
}

export type Download = { readonly bytes: Uint8Array } | { readonly failed: FailedDownload };

/** A status below 400 is success; only 5xx and a failing network are tried again, `retries` times, and 429 once. */
export async function download(fetch: DeviceFetch, url: string, retries: number): Promise<Download> {
  let status: number | null = null;
  for (let attempt = 0; attempt <= retries; attempt++) {
    const wasLimited = status === 429;
    const response = await fetch(url).catch(() => null);
    status = response?.status ?? null;
    if (response !== null && response.status < 400) return { bytes: response.bytes };
    const again = status === null || status >= 500 || (status === 429 && !wasLimited);
    if (!again) break;
  }
  return { failed: { url, status } };
}
