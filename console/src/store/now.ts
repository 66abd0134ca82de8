import { signal } from '@preact/signals';

/** The time, in milliseconds, once a second: what relative times follow. */
export const now = signal(Date.now());

setInterval(() => {
  if (!document.hidden) now.value = Date.now();
}, 1_000);
