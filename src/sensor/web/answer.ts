/** What a page or a server answers, before it is framed in the server's own way. */
export interface Answer {
  status: number;
  headers?: [string, string][];
  body: string;
  /** From a file: with its type, its age and its name in caches. From a script: with its own headers. */
  kind: 'error' | 'file' | 'script';
  type?: string;
  modifiedAt?: number;
  /** Ends the connection. */
  close?: boolean;
}

export interface Framing {
  server: string;
  now: number;
  keepAlive: boolean;
  /** 9 for HTTP/0.9: the body alone. */
  version: 9 | 10 | 11;
  head: boolean;
}

/** Reasons by status (RFC 9110 §15); servers have words of their own for some. */
export const reasons: Record<number, string> = {
  200: 'OK',
  204: 'No Content',
  301: 'Moved Permanently',
  302: 'Found',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  413: 'Request Entity Too Large',
  414: 'Request-URI Too Long',
  422: 'Unprocessable Entity',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  505: 'HTTP Version Not Supported',
};

export const redirect = (location: string, status = 302): Answer => ({
  status,
  kind: 'script',
  type: 'text/html; charset=UTF-8',
  body: '',
  headers: [['Location', location]],
});
