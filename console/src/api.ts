import { signal } from '@preact/signals';

/** An answer of the API that is no success, in its own words. */
export class ApiError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
  }
}

/** Who is signed in: a name, null for nobody, undefined while that is not known yet. */
export const who = signal<string | null | undefined>(undefined);

/** Asks the API at `/api/v1` + `path`. Throws an `ApiError` whose message can be shown. A refused token signs out. */
export async function ask<T>(path: string, init: RequestInit = {}): Promise<T> {
  const answer = await fetch(`/api/v1${path}`, init).catch(() => {
    throw new ApiError(0, 'The server does not answer.');
  });
  const body: unknown = await answer.json().catch(() => null);
  if (answer.ok) return body as T;
  if (answer.status === 401) who.value = null;
  throw new ApiError(answer.status, said(body) ?? `The server answered ${answer.status}.`);
}

/** Sends JSON: the only form of body that the API takes. */
export function send<T>(method: 'POST' | 'DELETE', path: string, body: unknown): Promise<T> {
  return ask<T>(path, {
    method,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
}

function said(body: unknown): string | null {
  const { message, remedies } = (body ?? {}) as {
    message?: string;
    remedies?: { path: string; expected: string }[];
  };
  if (!message) return null;
  const more = (remedies ?? []).map(({ path, expected }) => `${path}: ${expected}`).join('; ');
  return more ? `${message} ${more}` : message;
}
