import type { Source } from '../scenario.ts';
import type { Connection } from './connection.ts';

export interface WebRequest {
  method?: string;
  /** Goes onto the wire as it stands. */
  target: string;
  headers?: readonly (readonly [name: string, value: string])[];
  body?: string;
}

export interface WebAnswer {
  status: number;
  body: string;
}

/** Sends a request as it stands: nothing is normalised, added or left out, but `Host` and the length. */
export function sendRequest(connection: Connection, request: WebRequest, host: string): void {
  const { method = 'GET', target, headers = [], body } = request;
  const lines = [`${method} ${target} HTTP/1.1`, `Host: ${host}`];
  for (const [name, value] of headers) lines.push(`${name}: ${value}`);
  if (body !== undefined) lines.push(`Content-Length: ${body.length}`);
  connection.send(`${lines.join('\r\n')}\r\n\r\n${body ?? ''}`);
}

/** Reads one answer with a length, or up to the end of the connection. Null where none comes in time. */
export async function readAnswer(connection: Connection, withinMs?: number): Promise<WebAnswer | null> {
  const head = await connection.until(/\r\n\r\n/, withinMs);
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(head ?? '')?.[1]);
  if (head === null || !status) return null;
  const length = /^content-length: *(\d+)\r$/im.exec(head)?.[1];
  const size = Number(length ?? 0);
  if (length === undefined && !/^transfer-encoding: *chunked\r$/im.test(head))
    return { status, body: await connection.rest() };
  if (length === undefined) return { status, body: (await connection.until(/0\r\n\r\n$/)) ?? '' };
  if (size > 1_000_000) return { status, body: '' };
  const body = size === 0 ? '' : await connection.until(new RegExp(`^[\\s\\S]{${size}}`));
  return { status, body: body ?? '' };
}

/** One request over a connection of its own. Null where nobody answers, or not in time. */
export async function fetchOnce(
  source: Source,
  request: WebRequest,
  host: string,
  withinMs?: number,
): Promise<WebAnswer | null> {
  const connection = await source.dial('http');
  if (!connection) return null;
  const headers = [...(request.headers ?? []), ['Connection', 'close'] as const];
  sendRequest(connection, { ...request, headers }, host);
  const answer = await readAnswer(connection, withinMs);
  await connection.close();
  return answer;
}
