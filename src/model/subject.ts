import { z } from 'zod';

/** What a claim can be about. */
export const subjectTypes = [
  'ip',
  'cidr',
  'ip:port/proto',
  'domain',
  'url',
  'hash',
  'ssh-key',
  'ja4',
  'hassh',
  'actor',
] as const;

export const subjectSchema = z.strictObject({
  type: z.enum(subjectTypes),
  value: z.string().min(1).max(8_192),
});
export type Subject = z.infer<typeof subjectSchema>;
