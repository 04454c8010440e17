/** By name: what a browser itself would say. */
const values: Readonly<Record<string, RegExp>> = {
  "device-memory": /^[0-9]+(\.[0-9]+)?$/,
  downlink: /^[0-9]+(\.[0-9]+)?$/,
  dpr: /^[0-9]+(\.[0-9]+)?$/,
  ect: /^(slow-2g|2g|3g|4g)$/,
  rtt: /^[0-9]+$/,
  "save-data": /^on$/i,
  "viewport-width": /^[0-9]+$/,
  width: /^[0-9]+$/,
};

/**
 * Reports whether `value` is one that the client hint called `lowerName` can have; no, when that is no client hint.
 *
 * @see https://wicg.github.io/client-hints-infrastructure/
 */
export function isClientHintValue(lowerName: string, value: string): boolean {
  return Object.hasOwn(values, lowerName) && values[lowerName]?.test(value) === true;
}

/** Reports whether `lowerName` is a client hint about the device or its connection; `Save-Data` is the user's wish. */
export function isDeviceHintName(lowerName: string): boolean {
  return lowerName !== "save-data" && Object.hasOwn(values, lowerName);
}
