import type { DomainPage } from '../answers.ts';
import { dayText, plural } from '../words.ts';
import { Score } from './score.tsx';

const wide = 600;
const high = 100;
/** Scores from which on a name is suspicious, and malicious. */
const lines = [70, 95];
/** Days that are told in the table: the latest that differ. */
const rows = 30;

type Point = DomainPage['history'][number];

/** A name's score over time, as a picture and as a table. Between two points it stayed as it was. */
export function ScoreHistory({ points, today }: { points: readonly Point[]; today: number }) {
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last) return <p class="notice dim">It has never been over 15 of 100.</p>;
  const end = Math.max(today, last.day);
  const x = (day: number) => (((day - first.day) / Math.max(1, end - first.day)) * wide).toFixed(1);
  const y = (score: number) => (high - score).toFixed(1);
  const path = points.map(({ day, score }, n) =>
    n === 0 ? `M${x(day)} ${y(score)}` : `H${x(day)}V${y(score)}`,
  );
  const worst = points.reduce((one, other) => (other.score > one.score ? other : one));
  const line = `${path.join('')}H${wide}`;
  return (
    <>
      {end > first.day && (
        <figure class="history">
          <svg
            viewBox={`0 0 ${wide} ${high}`}
            preserveAspectRatio="none"
            role="img"
            aria-label={`Score over ${plural(end - first.day, 'day')}: ${first.score.toFixed(1)} at first, ${worst.score.toFixed(1)} at the most, ${last.score.toFixed(1)} now`}
          >
            {lines.map((at) => (
              <path key={at} class="grid" d={`M0 ${y(at)}H${wide}`} />
            ))}
            <path class="area" d={`${line}V${high}H${x(first.day)}z`} />
            <path class="line" d={line} />
          </svg>
          <div class="axis dim">
            <span>{dayText(first.day)}</span>
            <span class="middle">lines: suspicious from 70, malicious from 95</span>
            <span>{dayText(end)}</span>
          </div>
        </figure>
      )}
      <table class="rows">
        <thead>
          <tr>
            <th scope="col">Since</th>
            <th scope="col">Score</th>
          </tr>
        </thead>
        <tbody>
          {points
            .slice(-rows)
            .reverse()
            .map(({ day, score, class: kind }) => (
              <tr key={day}>
                <td class="num left">{dayText(day)}</td>
                <td class="wide">
                  <Score score={score} of={kind} />
                </td>
              </tr>
            ))}
        </tbody>
      </table>
    </>
  );
}
