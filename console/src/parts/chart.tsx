import { limits, perSecond } from '../store/live.ts';
import { now } from '../store/now.ts';

const wide = 600;
const high = 56;
/** Seconds in one bar. */
const step = 2;

/** Events per second over the last minutes: one bar for two seconds, newest at the right. */
export function Activity() {
  const counts = perSecond.value;
  const end = Math.floor(now.value / 1_000 / step);
  const bars = limits.seconds / step;
  const values = Array.from({ length: bars }, (_, i) => {
    const second = (end - bars + 1 + i) * step;
    return ((counts.get(second) ?? 0) + (counts.get(second + 1) ?? 0)) / step;
  });
  const top = Math.max(1, ...values);
  const barWide = wide / bars;
  const path = values
    .map((value, i) => {
      if (value === 0) return '';
      const h = Math.max(1.5, (value / top) * (high - 4));
      return `M${(i * barWide).toFixed(2)} ${high}v${-h.toFixed(2)}h${(barWide - 1).toFixed(2)}v${h.toFixed(2)}z`;
    })
    .join('');
  const total = values.reduce((sum, value) => sum + value * step, 0);
  return (
    <figure class="activity">
      <figcaption>
        <span>Activity</span>
        <span class="dim">
          {total.toLocaleString('en-GB')} events in {limits.seconds / 60} min · peak{' '}
          {top.toFixed(top < 10 ? 1 : 0)}/s
        </span>
      </figcaption>
      <svg
        viewBox={`0 0 ${wide} ${high}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${total} events in the last ${limits.seconds / 60} minutes, ${top.toFixed(1)} per second at the most`}
      >
        <path class="grid" d={`M0 ${high - 0.5}H${wide}M0 ${high / 2}H${wide}`} />
        <path class="bars" d={path} />
      </svg>
      <div class="axis dim">
        <span>−{limits.seconds / 60} min</span>
        <span>now</span>
      </div>
    </figure>
  );
}
