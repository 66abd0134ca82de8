import { defineReader } from '../reader.ts';
import { answer, askedName, Records, recordType, responseCode } from './parts/dns.ts';
import { address, moment, name as nameOf, object, port, row, share } from './parts/fields.ts';
import { isoTime } from './parts/time.ts';

/**
 * Query logs of Amazon Route 53 Resolver, JSON lines. Answers come without TTLs, and those from the cache are not logged: counts
 * are lower bounds.
 */
export const route53Resolver = defineReader({
  name: 'route53-resolver',
  summary: 'Query logs of Amazon Route 53 Resolver',

  sniff: (lines) =>
    share(lines, (line) => line.includes('"query_timestamp"') && line.includes('"query_name"')),

  start: () => (line) => {
    const fields = row(line);
    if (fields.query_class !== undefined && fields.query_class !== 'IN') return null;
    const name = askedName(fields.query_name);
    const records = new Records(name);
    for (const one of Array.isArray(fields.answers) ? fields.answers : []) {
      const { Rdata, Type } = object(one);
      records.add({ type: recordType(Type), data: typeof Rdata === 'string' ? Rdata : '' });
    }
    const rcode = responseCode(fields.rcode);
    const { instance } = fields.srcids === undefined ? {} : object(fields.srcids);
    const action = fields.firewall_rule_action;
    const detail = {
      ...(typeof instance === 'string' && { instance: instance.slice(0, 64) }),
      ...(typeof action === 'string' && { action: action.slice(0, 64) }),
    };
    return answer(
      {
        time: moment(isoTime(nameOf(fields.query_timestamp, 40))),
        transport: /^(?:tcp|dot|doh)/i.test(String(fields.transport)) ? 'tcp' : 'udp',
        src: { ip: address(fields.srcaddr), port: port(fields.srcport ?? 0) },
      },
      {
        name,
        type: recordType(fields.query_type),
        records,
        ...(rcode !== undefined && { rcode }),
        ...(Object.keys(detail).length > 0 && { detail }),
      },
    );
  },
});
