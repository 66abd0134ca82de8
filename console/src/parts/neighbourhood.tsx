import type { DomainPage } from '../answers.ts';
import { daysText } from '../words.ts';
import { Hostile } from './hostile.tsx';
import { Link, toClients, toDomain, toSession, toSource } from './link.tsx';

const wide = 640;
const high = 420;
/** Room above and below what is drawn, for names. */
const margin = 28;

type Near = DomainPage['near'];

/** What stands around a name, as a picture and as a table; names, addresses and groups of at least `least` clients lead on. */
export function Neighbourhood({ near, least }: { near: Near; least: number | undefined }) {
  const at = places(near);
  const top = Math.min(...at.map(({ y }) => y)) - margin;
  const bottom = Math.max(...at.map(({ y }) => y)) + margin;
  return (
    <>
      <svg
        class="near"
        viewBox={`0 ${top} ${wide} ${bottom - top}`}
        role="img"
        aria-label="What the name is joined to"
      >
        {near.edges.map(({ a, b, type }) => (
          <line key={`${a} ${b} ${type}`} x1={at[a]!.x} y1={at[a]!.y} x2={at[b]!.x} y2={at[b]!.y}>
            <title>{type}</title>
          </line>
        ))}
        {near.nodes.map((node, n) => (
          <g key={n} class={n === 0 ? 'own' : node.kind} transform={`translate(${at[n]!.x} ${at[n]!.y})`}>
            <circle r={n === 0 ? 9 : node.kind === 'name' ? 5 : 7} class={shade(node.score)} />
            <text y={at[n]!.below ? 16 : n === 0 ? -14 : -10}>{short(node)}</text>
          </g>
        ))}
      </svg>
      <table class="rows edges">
        <tbody>
          {near.edges.map(({ a, b, type, firstDay, lastDay }) => (
            <tr key={`${a} ${b} ${type}`}>
              <td>
                <Node of={near.nodes[a]!} least={least} />
              </td>
              <td class="dim">{joint(type, near.nodes[b]!.kind)}</td>
              <td>
                <Node of={near.nodes[b]!} least={least} />
              </td>
              <td class="num">{near.nodes[b]!.score?.toFixed(1) ?? ''}</td>
              <td class="dim">{daysText(firstDay, lastDay)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function Node({ of: { label, kind }, least }: { of: Near['nodes'][number]; least: number | undefined }) {
  const text = <Hostile text={label} limit={60} />;
  if (kind === 'name')
    return (
      <Link to={toDomain(label)} class="mono" data-row>
        {text}
      </Link>
    );
  if (kind === 'ip')
    return (
      <Link to={toSource(label)} class="mono">
        {text}
      </Link>
    );
  if (kind === 'sighting')
    return (
      <Link to={toSession(label)} class="mono">
        session {label.slice(0, 8)}…
      </Link>
    );
  if (kind === 'client')
    return (
      <>
        <Link to={toClients(label)} class="mono">
          clients {label.slice(0, 8)}…
        </Link>{' '}
        <span class="dim">a group{least !== undefined && ` of at least ${least}`}</span>
      </>
    );
  return (
    <>
      {text} <span class="dim">{kind}</span>
    </>
  );
}

/** The name in the middle, what carries it in a ring, and the others there in a wider one, each in its carrier's sector. */
function places({ nodes, edges }: Near): { x: number; y: number; below: boolean }[] {
  const at = nodes.map((_, n) => ({ x: wide / 2, y: high / 2, below: n > 0 }));
  const ring = edges.filter(({ a }) => a === 0).map(({ b }) => b);
  const turn = (2 * Math.PI) / Math.max(1, ring.length);
  const put = (node: number, angle: number, far: number, below: boolean) => {
    at[node] = { below, x: wide / 2 + far * 1.35 * Math.sin(angle), y: high / 2 - far * Math.cos(angle) };
  };
  ring.forEach((carrier, n) => {
    put(carrier, n * turn, 90, true);
    const others = edges.filter(({ a }) => a === carrier).map(({ b }) => b);
    others.forEach((other, k) => {
      put(other, n * turn + ((k + 1) / (others.length + 1) - 0.5) * turn, 170, k % 2 === 0);
    });
  });
  return at;
}

/** What joins one to another, as it is read from the left. */
function joint(type: string, other: string): string {
  if (type !== 'asked') return type;
  return other === 'client' ? 'asked for by' : 'asked for';
}

function shade(score: number | null): string {
  if (score === null) return 'none';
  return score >= 70 ? 'bad' : score <= 15 ? 'good' : 'unknown';
}

/** What is written at a node: as much as there is room for. */
function short({ label, kind }: Near['nodes'][number]): string {
  if (kind === 'sighting') return `session ${label.slice(0, 8)}…`;
  if (kind === 'client') return `clients ${label.slice(0, 8)}…`;
  const text = kind === 'burst' ? `burst of ${label}` : label;
  return text.length > 24 ? `${text.slice(0, 23)}…` : text;
}
