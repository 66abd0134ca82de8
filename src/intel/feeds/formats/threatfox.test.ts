import { expect, it } from 'vitest';
import { reading } from './fixture.ts';

const first = Date.UTC(2026, 0, 30, 10, 0, 5);

it('reads the table, with a blank after each comma', () => {
  const text =
    '# "first_seen_utc","ioc_id","ioc_value","ioc_type","threat_type","fk_malware","malware_alias","malware_printable","last_seen_utc","confidence_level","reference","tags","anonymous","reporter"\n' +
    '"2026-01-30 10:00:05", "1", "192.0.2.7:4444", "ip:port", "botnet_cc", "elf.mirai", "Katana", "Mirai", "", "100", "", "", "0", "x"\n' +
    '"2026-01-30 10:00:05", "2", "nonsense", "sha3_384_hash", "payload", "x", "", "X", "", "100", "", "", "0", "x"\n';
  const [entries, refused, format] = reading(text);
  expect(format).toBe('threatfox');
  expect(entries).toEqual([
    { type: 'ip:port', value: '192.0.2.7:4444', family: 'Mirai', first, note: 'botnet_cc' },
  ]);
  expect(refused).toEqual({ 'a kind that is not used': 1 });
});

it('reads JSON by number, and as the API answers', () => {
  const record = { ioc_type: 'domain', malware_printable: 'Unknown malware', threat_type: 'botnet_cc' };
  const wanted = [{ type: 'domain', value: 'c2.example', first, note: 'botnet_cc' }];
  const byNumber = {
    1: [{ ...record, ioc_value: 'c2.example', first_seen_utc: '2026-01-30 10:00:05', last_seen_utc: null }],
  };
  expect(reading(JSON.stringify(byNumber))).toEqual([wanted, {}, 'threatfox']);
  const answer = {
    query_status: 'ok',
    data: [{ ...record, ioc: 'c2.example', first_seen: '2026-01-30 10:00:05 UTC' }],
  };
  expect(reading(JSON.stringify(answer))).toEqual([wanted, {}, 'threatfox']);
});
