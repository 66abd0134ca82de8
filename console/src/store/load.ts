import { type ReadonlySignal, signal, useSignalEffect } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { ask } from '../api.ts';

/** What was asked for: the latest good answer is kept while a newer one is on its way, or has failed. */
export interface Loaded<T> {
  data: ReadonlySignal<T | null>;
  fault: ReadonlySignal<string | null>;
  reload(): Promise<void>;
}

/** How long news gather before they cause another look, in milliseconds. */
const gatherMs = 700;

/**
 * Loads what `path` says, and again when a signal that `path` reads changes, when `news` moves, and every `everyMs` while
 * the page is in sight.
 */
export function useLoad<T>(
  path: () => string,
  { everyMs = 0, news }: { everyMs?: number; news?: ReadonlySignal<number> } = {},
): Loaded<T> {
  const loaded = useMemo(() => {
    const data = signal<T | null>(null);
    const fault = signal<string | null>(null);
    let asked = '';
    async function load(from: string): Promise<void> {
      // Another thing altogether must not wear the old one's name.
      if (from.split('?')[0] !== asked.split('?')[0]) data.value = null;
      asked = from;
      try {
        const answer = await ask<T>(from);
        if (asked !== from) return;
        data.value = answer;
        fault.value = null;
      } catch (error) {
        if (asked === from) fault.value = (error as Error).message;
      }
    }
    return { data, fault, load, reload: () => load(asked) };
  }, []);
  useSignalEffect(() => {
    void loaded.load(path());
    if (everyMs === 0) return;
    const timer = setInterval(() => {
      if (!document.hidden) void loaded.reload();
    }, everyMs);
    return () => clearInterval(timer);
  });
  useSignalEffect(() => {
    if (!news || news.value === 0) return;
    const timer = setTimeout(() => void loaded.reload(), gatherMs);
    return () => clearTimeout(timer);
  });
  return loaded;
}
