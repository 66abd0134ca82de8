import { Fault } from '../../kit/fault.ts';
import { defineCommand } from '../command.ts';
import { whole } from '../number.ts';
import { at } from '../output.ts';

interface Listed {
  decision: {
    id: string;
    time: number;
    action: string;
    scope: { source: string; transport?: string; ports: number[] };
    until: number;
    mode: string;
    policy: string;
    evidence: string;
  };
  ended: { how: string; time: number } | null;
}

export const decisions = defineCommand({
  name: 'decisions',
  usage: '[--standing] [--source ADDRESS] | revoke ID --reason TEXT',
  summary: 'What was decided against whom, and taking a decision back.',
  options: {
    standing: { type: 'boolean', summary: 'only what stands now' },
    source: { type: 'string', value: 'ADDRESS', summary: 'only of this source' },
    limit: { type: 'string', value: 'N', summary: 'at most so many (default 100)' },
    reason: { type: 'string', value: 'TEXT', summary: 'why it is taken back: goes into the audit' },
  },
  async run({ args, options, client, out }) {
    if (args[0] === 'revoke') {
      const [, id] = args;
      if (!id || !options.reason) throw new Fault('usage', 'A revocation names a decision and a reason.');
      const api = await client();
      const done = await api.ask<{ ended: unknown[] }>(
        'POST',
        `/api/v1/decisions/${encodeURIComponent(id)}/revoke`,
        { reason: options.reason },
      );
      out.item(done, () => `Decision ${id} is taken back; its source is only watched for a while.`);
      return 0;
    }
    if (args.length > 0) throw new Fault('usage', 'The only word that may follow is revoke.');
    const limit = whole('--limit', options.limit ?? 100);
    const api = await client();
    const search = new URLSearchParams({ limit: String(limit) });
    if (options.standing) search.set('standing', 'yes');
    if (options.source) search.set('source', String(options.source));
    const list = await api.ask<Listed[]>('GET', `/api/v1/decisions?${search}`);
    out.table(
      list,
      [
        ['TIME (UTC)', ({ decision }) => at(decision.time)],
        ['SOURCE', ({ decision }) => decision.scope.source],
        [
          'SCOPE',
          ({ decision: { scope } }) =>
            scope.ports.length === 0 ? 'all ports' : `${scope.transport} ${scope.ports.join(',')}`,
        ],
        ['UNTIL (UTC)', ({ decision }) => at(decision.until)],
        ['MODE', ({ decision }) => `${decision.action} (${decision.mode})`],
        ['PROOF', ({ decision }) => decision.evidence],
        ['POLICY', ({ decision }) => decision.policy],
        ['ENDED', ({ ended }) => ended?.how ?? ''],
        ['ID', ({ decision }) => decision.id],
      ],
      'No decisions.',
    );
    return 0;
  },
});
