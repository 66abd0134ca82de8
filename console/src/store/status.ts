import { signal } from '@preact/signals';
import type { Status } from '../answers.ts';
import { ask, who } from '../api.ts';

/** What runs, and what is wrong: asked for anew every few seconds. */
export const status = signal<Status | null>(null);
/** Why the latest status could not be had. */
export const statusFault = signal<string | null>(null);
/** Events taken in per second, between the last two looks. */
export const intakeRate = signal<number | null>(null);

const everyMs = 4_000;

export async function refreshStatus(): Promise<void> {
  if (!who.value) return;
  try {
    const before = status.value;
    const latest = await ask<Status>('/status');
    const seconds = before ? (latest.now - before.now) / 1_000 : 0;
    const more = (latest.intake?.events ?? 0) - (before?.intake?.events ?? 0);
    if (seconds > 0.5) intakeRate.value = more >= 0 ? more / seconds : null;
    status.value = latest;
    statusFault.value = null;
  } catch (error) {
    statusFault.value = (error as Error).message;
  }
}

setInterval(() => {
  if (!document.hidden) void refreshStatus();
}, everyMs);
