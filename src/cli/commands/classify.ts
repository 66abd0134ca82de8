import {
  type Classified,
  createClassifier,
  createSessionStream,
  loadLibrary,
} from '../../analysis/sessions/index.ts';
import { Fault } from '../../kit/fault.ts';
import { printable } from '../../kit/printable.ts';
import { packageFolder } from '../../version.ts';
import { bytesOf, readEvents, readerNamed } from '../classify-events.ts';
import { defineCommand } from '../command.ts';

export const classify = defineCommand({
  name: 'classify',
  usage: '[--format F] FILE… (- for the standard input)',
  summary:
    'Say of each session in a log what it is: behaviour, tactics, tool, kind of actor. Stores nothing.',
  options: {
    format: {
      type: 'string',
      value: 'F',
      summary: 'the format; auto (the default) looks at the first lines',
    },
    ours: {
      type: 'string',
      multiple: true,
      value: 'NAME',
      summary: 'a name of ours (a host, a product): who uses it means us',
    },
  },
  async run({ args, options, out }) {
    if (args.length === 0) throw new Fault('usage', 'Name at least one file.');
    const reader = readerNamed(options.format === undefined ? undefined : String(options.format));
    const ours = [options.ours ?? []].flat().map(String);
    const classifier = createClassifier(loadLibrary([packageFolder('behaviours')]), { ours });
    const told = { sessions: 0, labelled: 0, rejected: 0 };
    const stream = createSessionStream(classifier, (session) => {
      told.sessions++;
      if (session.labels.length > 0) told.labelled++;
      out.item(session, () => rowOf(session));
    });
    if (!out.json) out.item(null, () => row('session', 'from', 'labels', 'sure', 'actor', 'what'));
    for (const path of args) {
      const { rejected } = await readEvents(path, bytesOf(path), reader, Date.now(), stream.push);
      told.rejected += rejected;
    }
    stream.end();
    out.note(`${told.sessions} sessions, ${told.labelled} with a label; ${told.rejected} lines were refused`);
    return 0;
  },
});

function rowOf(session: Classified): string {
  const { labels, confidence, actorKind, tool, tactics, indicators, spread } = session;
  const what = [
    ...(tool === null ? [] : [tool]),
    ...(spread.scope === 'unclassified' ? [] : [spread.scope]),
    ...indicators.slice(0, 2).map(({ value }) => value.slice(0, 48)),
    tactics.join(', '),
  ];
  return row(
    session.session,
    session.src,
    labels.join(' ') || '-',
    labels.length > 0 ? confidence.toFixed(2) : '-',
    actorKind,
    what.filter((part) => part !== '').join('; '),
  );
}

function row(
  ...[session, from, labels, sure, actor, what]: [string, string, string, string, string, string]
): string {
  const cell = (text: string, width: number) => printable(text, width).padEnd(width);
  return `${cell(session, 20)}  ${cell(from, 15)}  ${cell(labels, 8)}  ${cell(sure, 4)}  ${cell(actor, 12)}  ${printable(what, 160)}`.trimEnd();
}
