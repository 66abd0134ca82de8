import { defineExport } from './export.ts';

/** Lines for Unbound's `server:` clause: `always_nxdomain` is for the name and all under it (unbound.conf(5), local-zone). */
export const unbound = defineExport({
  name: 'unbound',
  summary: 'configuration for Unbound',

  *write(names) {
    yield 'server:\n';
    for (const name of names) yield `local-zone: "${name}." always_nxdomain\n`;
  },
});
