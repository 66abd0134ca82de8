/** Answers as Docker's Engine gives them through Go's net/http: order of headers and errors as recorded from 20.10.24. */

export interface Answer {
  status: number;
  /** Sent as JSON and a line feed, with what Go's encoding/json escapes. */
  json?: unknown;
  /** Sent as it is. */
  text?: string;
  type?: string;
  headers?: Record<string, string>;
  /** Goes out in pieces of these, whatever the size. */
  chunks?: string[];
  /** Pieces that come later: the head goes out at once. */
  later?: () => Promise<string[]>;
  /** Instead of an answer: the connection becomes a plain stream. */
  hijack?: () => Promise<void>;
  /** Refused before the Engine looked whether it is experimental. */
  early?: boolean;
  /** Without the Engine's own headers: Go's router answers, not the Engine. */
  bare?: boolean;
}

const reasons: Record<number, string> = {
  200: 'OK',
  201: 'Created',
  204: 'No Content',
  301: 'Moved Permanently',
  304: 'Not Modified',
  400: 'Bad Request',
  404: 'Not Found',
  409: 'Conflict',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

/** A failure as the Engine tells it. */
export function failure(status: number, message: string): Answer {
  return { status, json: { message } };
}

export const notFound: Answer = { ...failure(404, 'page not found'), bare: true };

/** What Go's JSON encoder gives: HTML characters are escaped, and a line feed ends it. Text is one character a byte. */
export function goJson(value: unknown): string {
  const text = JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `${Buffer.from(text).toString('latin1')}\n`;
}

export interface Framing {
  version: string;
  apiVersion: string;
  now: number;
  /** 10 or 11. */
  http: number;
  close: boolean;
  head: boolean;
}

/** The Engine's own headers, sorted as Go sorts them. */
export function engineHeaders({
  version,
  apiVersion,
}: Pick<Framing, 'version' | 'apiVersion'>): Record<string, string> {
  return {
    'Api-Version': apiVersion,
    'Docker-Experimental': 'false',
    Ostype: 'linux',
    Server: `Docker/${version} (linux)`,
  };
}

export function frame(answer: Answer, framing: Framing): string {
  const { status } = answer;
  const body = answer.json === undefined ? (answer.text ?? '') : goJson(answer.json);
  const own: Record<string, string> = {
    ...(answer.bare ? {} : engineHeaders(framing)),
    ...(answer.json === undefined ? {} : { 'Content-Type': 'application/json' }),
    ...(answer.type ? { 'Content-Type': answer.type } : {}),
    ...answer.headers,
  };
  if (answer.early) delete own['Docker-Experimental'];
  const lines = [`HTTP/1.${framing.http === 10 ? 0 : 1} ${status} ${reasons[status]}`];
  for (const name of Object.keys(own).sort()) lines.push(`${name}: ${own[name]}`);
  lines.push(`Date: ${new Date(framing.now).toUTCString()}`);
  const empty = status === 204 || status === 304 || own['Content-Length'] !== undefined;
  // Go streams what is larger than its buffer.
  const chunks = answer.later ? [] : (answer.chunks ?? (body.length > 2_048 ? [body] : undefined));
  if (!empty && !chunks) lines.push(`Content-Length: ${body.length}`);
  if (!empty && !own['Content-Type'] && body) lines.push('Content-Type: text/plain; charset=utf-8');
  if (framing.close && framing.http === 11) lines.push('Connection: close');
  const chunked = chunks && framing.http === 11;
  if (chunked) lines.push('Transfer-Encoding: chunked');
  const top = `${lines.join('\r\n')}\r\n\r\n`;
  if (empty || framing.head) return top;
  if (answer.later) return top;
  if (!chunks) return top + body;
  return chunked ? `${top}${chunks.map(chunk).join('')}0\r\n\r\n` : top + chunks.join('');
}

export function chunk(text: string): string {
  return text ? `${text.length.toString(16)}\r\n${text}\r\n` : '';
}

/** What Go's server says to words that are no HTTP (net/http/server.go, `badRequestError`). */
export function refusal(status: number, detail = ''): string {
  if (status === 501) return plain('501 Not Implemented', 'Unsupported transfer encoding');
  const text = `${status} ${status === 505 ? 'HTTP Version Not Supported: unsupported protocol version' : 'Bad Request'}${detail}`;
  return plain(text, text);
}

function plain(line: string, body: string): string {
  return `HTTP/1.1 ${line}\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n${body}`;
}

/** Output of a container as its stream carries it: type, three zeros, length, bytes (Engine API, "Stream format"). */
export function multiplexed(stream: 1 | 2, text: string): string {
  const head = Buffer.alloc(8);
  head[0] = stream;
  head.writeUInt32BE(text.length, 4);
  return head.toString('latin1') + text;
}
