import type { Body } from '../model/event.ts';

// The model's own limits; text over them is cut here, so that an emulator need not count an attacker's bytes.
const longest: Record<string, number> = {
  input: 65_536,
  target: 65_536,
  body: 65_536,
  raw: 65_536,
  url: 8_192,
  host: 1_024,
  software: 1_024,
  method: 256,
  reason: 64,
  tool: 64,
};
const methodOf: Record<string, number> = { request: 256, login: 32, fingerprint: 32 };
const other = 4_096;

/** The same body with each text cut to what the model allows; `detail.cut` says so where anything was. */
export function clip(body: Body): Body {
  let copy: Record<string, unknown> | undefined;
  for (const [key, value] of Object.entries(body)) {
    let fitting: unknown = value;
    if (typeof value === 'string') {
      const limit = key === 'method' ? (methodOf[body.kind] ?? 32) : (longest[key] ?? other);
      if (value.length > limit) fitting = value.slice(0, limit);
    } else if (key === 'headers' && Array.isArray(value)) fitting = fitHeaders(value);
    else if (key === 'detail' && value)
      fitting = fitDetail(value as Record<string, string | number | boolean>);
    if (fitting !== value) {
      copy ??= { ...body };
      copy[key] = fitting;
    }
  }
  if (!copy) return body;
  return { ...copy, detail: { ...(copy.detail as object | undefined), cut: true } } as unknown as Body;
}

function fitHeaders(headers: [string, string][]): [string, string][] {
  const fits =
    headers.length <= 256 && headers.every(([name, value]) => name.length <= 8_192 && value.length <= 65_536);
  if (fits) return headers;
  return headers.slice(0, 256).map(([name, value]) => [name.slice(0, 8_192), value.slice(0, 65_536)]);
}

function fitDetail(detail: Record<string, string | number | boolean>) {
  const fits = Object.entries(detail).every(
    ([key, value]) => key.length <= 64 && (typeof value !== 'string' || value.length <= other),
  );
  if (fits) return detail;
  return Object.fromEntries(
    Object.entries(detail).map(([key, value]) => [
      key.slice(0, 64),
      typeof value === 'string' ? value.slice(0, other) : value,
    ]),
  );
}
