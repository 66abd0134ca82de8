import { useState } from 'preact/hooks';
import { printable } from '../../../src/kit/printable.ts';
import { readable } from '../../../src/kit/readable.ts';

/** Characters that are shown before a cut, and the most that is ever drawn. */
const shown = 240;
const most = 20_000;

/**
 * Text that an attacker may have written. Only ever a text node; control characters, escape sequences and direction
 * overrides are made visible and marked, so that they cannot be mistaken for the same escapes typed out.
 */
export function Hostile({
  text: given,
  limit = shown,
  lines = false,
}: {
  text: string;
  limit?: number;
  lines?: boolean;
}) {
  const [open, setOpen] = useState(false);
  const text = readable(given);
  const cut = !open && text.length > limit;
  const parts = runs(text.slice(0, cut ? limit : most), lines);
  return (
    <bdi class={lines ? 'hostile lines' : 'hostile'}>
      {parts.map((part, i) => (i % 2 === 0 ? part : <span class="escape">{part}</span>))}
      {text.length > limit && (
        <button
          type="button"
          class="more"
          aria-expanded={open}
          onClick={(e) => {
            e.stopPropagation();
            setOpen(!open);
          }}
        >
          {cut ? `… ${text.length - limit} more` : 'less'}
        </button>
      )}
      {open && text.length > most && <span class="dim"> and {text.length - most} more, not shown</span>}
    </bdi>
  );
}

/** Plain text and escapes in turns, plain first. */
function runs(text: string, lines: boolean): string[] {
  const parts = [''];
  for (const char of text) {
    const safe = printable(char);
    const escaped = safe !== char;
    // Even places hold plain text, odd ones escapes.
    if (escaped !== (parts.length % 2 === 0)) parts.push('');
    parts[parts.length - 1] += safe;
    if (lines && char === '\n') parts.push('\n');
  }
  return parts;
}
