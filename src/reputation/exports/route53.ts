import { defineExport, keepOnly } from './export.ts';
import type { Selection } from './selection.ts';

/**
 * Limits of Route 53 Resolver DNS Firewall: characters and form of a specification by
 * https://docs.aws.amazon.com/goto/WebAPI/route53resolver/ImportFirewallDomains; domains of one file that is imported by
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html, which also names a limit for all lists of an
 * account together (100,000 when last read, and can be raised).
 */
export const route53Limits = { domainsAFile: 250_000, domainsAnAccount: 100_000, chars: 255 } as const;

/** Domains that a name takes: itself, and all under it, which a specification with an asterisk does not include. */
const perName = 2;
const expressible = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*$/;

/** A domain list for Route 53 Resolver DNS Firewall, to be imported from S3 (ImportFirewallDomains, REPLACE). */
export const route53 = defineExport({
  name: 'route53',
  summary: 'domain list for Route 53 Resolver DNS Firewall',

  fit(selection): Selection {
    const fitting = keepOnly(
      selection,
      'not expressible in this form',
      (name) => expressible.test(name) && name.length + 2 <= route53Limits.chars,
    );
    let room = Math.floor(route53Limits.domainsAnAccount / perName);
    return keepOnly(fitting, 'over the limit', () => room-- > 0);
  },

  *write(names) {
    for (const name of names) yield `${name}\n*.${name}\n`;
  },
});
