import { z } from 'zod';
import { defineEmulator } from '../emulator.ts';
import { respond } from '../llm/routes.ts';
import { serveApi } from './api.ts';

/** Ollama that is open to all, with OpenAI's interface beside its own: canned answers at a model's pace; every prompt is told. */
export const llm = defineEmulator({
  name: 'llm',
  summary: 'Ollama and its OpenAI-style interface, open to all',
  port: 11434,
  highPort: 11434,
  options: z.strictObject({ version: z.string().max(32).default('0.5.7') }),

  // The client speaks first.
  greet: () => true,

  session: (wire, { version }) => serveApi(wire, 'go', (call) => respond({ wire, version, call })),
});
