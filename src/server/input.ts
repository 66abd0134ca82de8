import type { Context } from 'hono';
import type { z } from 'zod';
import { Fault } from '../kit/fault.ts';

/** The body of a request, checked. Only JSON is taken: a form that another site sends never is (and see `guard.ts`). */
export async function json<S extends z.ZodType>(c: Context, schema: S): Promise<z.infer<S>> {
  if (!c.req.header('content-type')?.startsWith('application/json')) {
    throw new Fault('invalid', 'The body is to be application/json.');
  }
  const body: unknown = await c.req.json().catch((cause: unknown) => {
    throw new Fault('invalid', 'The body is no JSON.', { cause });
  });
  return checked(schema, body);
}

/** The query of a request, checked. */
export function query<S extends z.ZodType>(c: Context, schema: S): z.infer<S> {
  return checked(schema, c.req.query());
}

function checked<S extends z.ZodType>(schema: S, value: unknown): z.infer<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const remedies = parsed.error.issues.map(({ path, message }) => ({
    path: path.join('.'),
    expected: message,
  }));
  throw new Fault('invalid', '', { remedies });
}
