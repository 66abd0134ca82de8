import type { Finding } from '../answers.ts';
import { count, domainOf, terse } from '../words.ts';
import { Evidence, Severity } from './badge.tsx';
import { Hostile } from './hostile.tsx';
import { Link, SourceLink, toDomain, toFinding } from './link.tsx';
import { type Column, Rows } from './rows.tsx';
import { Ago } from './time.tsx';

/** Findings as a table: what was seen, what was done, and why not more. */
export function FindingRows({ list, subject = true }: { list: readonly Finding[]; subject?: boolean }) {
  const columns: Column<Finding>[] = [
    { head: 'Severity', cell: (one) => <Severity of={one.severity} /> },
    { head: 'Proof', cell: (one) => <Evidence of={one.evidence} /> },
    subject && {
      head: 'Subject',
      cell: (one) => <SubjectLink of={one} />,
    },
    {
      head: 'Finding',
      class: 'wide',
      cell: (one) => (
        <Link to={toFinding(one.id)} data-row>
          <Hostile text={terse(one.title, one.subject.value)} limit={160} />
        </Link>
      ),
    },
    {
      head: 'What was done, or why nothing was',
      class: 'wide',
      cell: (one) => (
        <>
          <Hostile text={terse(one.done, one.subject.value)} limit={130} />{' '}
          <span class="dim">
            <Hostile text={one.whyNot} limit={130} />
          </span>
        </>
      ),
    },
    { head: 'Times', class: 'num', headClass: 'num', cell: (one) => count(one.count) },
    { head: 'Last seen', class: 'dim', cell: (one) => <Ago time={one.last} /> },
  ];
  return <Rows class="findings" list={list} keyOf={({ id }) => id} columns={columns} />;
}

function SubjectLink({ of }: { of: Finding }) {
  const domain = domainOf(of);
  if (of.subject.type === 'ip') return <SourceLink ip={of.subject.value} />;
  const text = <Hostile text={of.subject.value} limit={40} />;
  if (domain === null) return text;
  return (
    <Link to={toDomain(domain)} class="mono">
      {text}
    </Link>
  );
}
