import { views } from './parts/header.tsx';
import { togglePause } from './store/live.ts';
import { go } from './store/place.ts';

/** The keyboard: 1–7 views, `/` filter, `p` pause, `j` and `k` through the rows, Enter opens. */
export function onKey(e: KeyboardEvent): void {
  if (e.metaKey || e.ctrlKey || e.altKey) return;
  const at = e.target as HTMLElement;
  if (at.closest('input, select, textarea, dialog')) return;
  const view = views[Number(e.key) - 1];
  if (view) go(view[0]);
  else if (e.key === '/') {
    e.preventDefault();
    document.querySelector<HTMLInputElement>('[data-search]')?.focus();
  } else if (e.key === 'p') {
    togglePause();
  } else if (e.key === 'j' || e.key === 'k') {
    const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')];
    const here = rows.indexOf(document.activeElement as HTMLElement);
    rows[here < 0 ? 0 : here + (e.key === 'j' ? 1 : -1)]?.focus();
  }
}
