import { z } from 'zod';
import { kinds } from '../../model/event.ts';
import { signalSchema } from '../../model/signal.ts';
import { conditionSchema } from '../conditions.ts';

const short = z.string().min(1).max(128);

/** One thing that has to be seen, at least `times` times. */
const stepSchema = z.strictObject({
  /** The kinds of event that it can be; commands where it is left out. */
  on: z.array(z.enum(kinds)).min(1).default(['command']),
  where: conditionSchema,
  /** It may be missing. What is there counts towards `needs`. */
  optional: z.boolean().default(false),
  times: z.int().min(1).max(256).default(1),
});

/** One of the ways in which a behaviour shows. */
const waySchema = z
  .strictObject({
    /** Whether the steps come in this order; anything may come between them. */
    ordered: z.boolean().default(true),
    steps: z.array(stepSchema).min(1).max(24),
    /** How many of the steps are seen at the least; all that are not optional where it is left out. */
    needs: z.int().min(1).max(24).optional(),
    /** How sure this way is, where it is less than the behaviour's. */
    confidence: signalSchema.shape.confidence.optional(),
  })
  .refine(({ steps, needs }) => (needs ?? 1) <= steps.length, {
    path: ['needs'],
    message: 'no more than there are steps',
  })
  .refine(({ steps, needs }) => needs !== undefined || steps.some(({ optional }) => !optional), {
    path: ['needs'],
    message: 'a number, where all steps are optional',
  });

/** A behaviour as data: what a whole session is called by, and how it is known. */
export const behaviourSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{1,62}$/, 'lower case letters, digits and dashes'),
  summary: z.string().min(1).max(256),
  label: z.string().regex(/^[A-Z]\d{1,2}$/, 'a letter and a number, such as S1'),
  /** What does it, by the name under which it is known. */
  tool: short.optional(),
  campaign: short.optional(),
  /** What it is after. */
  intent: z.enum(['mining', 'botnet', 'proxy', 'access', 'theft', 'reconnaissance', 'fraud', 'resale']),
  attack: signalSchema.shape.attack,
  cve: z
    .array(z.string().regex(/^CVE-\d{4}-\d{4,7}$/))
    .max(8)
    .default([]),
  /** Where it was described. */
  sources: z.array(z.string().min(1).max(256)).max(8).default([]),
  confidence: signalSchema.shape.confidence,
  /** Left out where a behaviour that is not weak was seen too: what many do on their way to something else. */
  weak: z.boolean().default(false),
  /** Protocols that it is seen on; any where it is left out. */
  protocols: z.array(z.string().min(1).max(32)).min(1).max(16).optional(),
  ways: z.array(waySchema).min(1).max(8),
});
export type Behaviour = z.infer<typeof behaviourSchema>;
export type Way = Behaviour['ways'][number];

/** What single acts are in ATT&CK's terms, whoever does them. */
export const techniqueSchema = z
  .strictObject({
    /** https://attack.mitre.org/techniques/ and the id. */
    id: z.string().regex(/^T\d{4}(\.\d{3})?$/),
    name: short,
    tactics: z
      .array(
        z.enum([
          'reconnaissance',
          'resource-development',
          'initial-access',
          'execution',
          'persistence',
          'privilege-escalation',
          'defense-evasion',
          'credential-access',
          'discovery',
          'lateral-movement',
          'collection',
          'command-and-control',
          'exfiltration',
          'impact',
        ]),
      )
      .min(1),
    /** Programs whose mere call is it. */
    programs: z.array(z.string().min(1).max(64)).max(128).default([]),
    on: z.array(z.enum(kinds)).min(1).default(['command']),
    where: conditionSchema.optional(),
  })
  .refine(({ programs, where }) => programs.length > 0 || where !== undefined, {
    message: 'programs, or where',
  });
export type Technique = z.infer<typeof techniqueSchema>;
export const techniquesSchema = z.array(techniqueSchema).min(1).max(256);
