import { request } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { Fault, type FaultCode, type Remedy } from '../kit/fault.ts';

export type Method = 'GET' | 'POST' | 'DELETE';

/** The API, wherever it answers from. */
export interface Client {
  /** True where a running system answers. */
  readonly running: boolean;
  ask<T>(method: Method, path: string, body?: unknown): Promise<T>;
  /** An answer of JSON lines, as they come. */
  lines<T>(method: Method, path: string, body?: unknown): AsyncIterable<T>;
  close(): Promise<void>;
}

export function socketPath(data: string): string {
  return join(data, 'run', 'api.sock');
}

/** Something that takes a request and gives its status and its bytes. */
type Send = (
  method: Method,
  path: string,
  body: string | undefined,
) => Promise<{ status: number; stream: Readable }>;

/** The system that runs on this data directory, or null where none does. */
export async function connectClient(data: string): Promise<Client | null> {
  const send: Send = (method, path, body) =>
    new Promise((resolve, reject) => {
      const headers: Record<string, string> =
        body === undefined
          ? {}
          : // Node frames the body of a DELETE only where its length is given (RFC 9112 §6).
            { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) };
      const call = request({ socketPath: socketPath(data), method, path, headers }, (answer) =>
        resolve({ status: answer.statusCode ?? 500, stream: answer }),
      );
      call.on('error', reject);
      call.end(body);
    });
  try {
    const { stream } = await send('GET', '/api/v1/never-block/check/127.0.0.1', undefined);
    stream.resume();
  } catch {
    return null;
  }
  return clientOver(send, true, async () => {});
}

/** The API of stores that this process has opened itself. */
export function localClient(
  fetch: (request: Request) => Response | Promise<Response>,
  close: () => Promise<void>,
): Client {
  const send: Send = async (method, path, body) => {
    const headers: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
    const answer = await fetch(
      new Request(`http://localhost${path}`, { method, headers, ...(body !== undefined && { body }) }),
    );
    const stream = answer.body
      ? Readable.fromWeb(answer.body as Parameters<typeof Readable.fromWeb>[0])
      : Readable.from([]);
    return { status: answer.status, stream };
  };
  return clientOver(send, false, close);
}

function clientOver(send: Send, running: boolean, close: () => Promise<void>): Client {
  const open = async (method: Method, path: string, body: unknown) => {
    const { status, stream } = await send(
      method,
      path,
      body === undefined ? undefined : JSON.stringify(body),
    );
    if (status < 400) return stream;
    throw faultOf(await textOf(stream));
  };
  return {
    running,
    async ask<T>(method: Method, path: string, body?: unknown) {
      return JSON.parse(await textOf(await open(method, path, body))) as T;
    },
    async *lines<T>(method: Method, path: string, body?: unknown) {
      const stream = await open(method, path, body);
      for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
        if (line) yield JSON.parse(line) as T;
      }
    },
    close,
  };
}

async function textOf(stream: Readable): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}

function faultOf(text: string): Fault {
  try {
    const { error, message, remedies } = JSON.parse(text) as {
      error: FaultCode;
      message: string;
      remedies?: Remedy[];
    };
    return Fault.told(error, message, remedies);
  } catch {
    return new Fault('internal', text.slice(0, 500));
  }
}
