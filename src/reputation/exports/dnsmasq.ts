import { defineExport } from './export.ts';

/** Lines for dnsmasq's configuration: `address=/name/` answers NXDOMAIN for the name and all under it (dnsmasq(8), --address). */
export const dnsmasq = defineExport({
  name: 'dnsmasq',
  summary: 'configuration for dnsmasq and Pi-hole',

  *write(names) {
    for (const name of names) yield `address=/${name}/\n`;
  },
});
