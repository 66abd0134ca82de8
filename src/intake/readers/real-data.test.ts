import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parseEvent } from '../../model/event.ts';
import { detectFormat } from '../detect-format.ts';
import { Reject } from '../reader.ts';
import { lineReaders as readers } from './index.ts';

const data = process.env.CALTROP_TEST_DATA ?? '../shared/data';
const tpot = 'tpot-ml_ids';
const hub = 'crowdsec-hub/logs';

interface Expected {
  file: string;
  reader: string;
  /** Lines read, passed over and refused, and the events that were made. */
  counts: { lines: number; skipped: number; rejected: number; events: number };
}

const of = (
  file: string,
  reader: string,
  lines: number,
  events: number,
  skipped = 0,
  rejected = 0,
): Expected => ({
  file,
  reader,
  counts: { lines, skipped, rejected, events },
});

const expected: Expected[] = [
  of(`${tpot}/cowrie-sessions.jsonl.gz`, 'cowrie-sessions', 14_106, 38_585),
  of(`${tpot}/dionaea.jsonl.gz`, 'dionaea', 18_705, 19_291, 34),
  of(`${tpot}/heralding.jsonl.gz`, 'heralding', 49_212, 98_847),
  of(`${tpot}/honeytrap.jsonl.gz`, 'honeytrap', 4_314, 11_879),
  of(`${tpot}/cisco-asa.jsonl.gz`, 'cisco-asa', 128_270, 102_097, 26_173),
  of('elastic-apache/access.log.gz', 'combined', 10_000, 10_000),
  of(`${hub}/apache-cve-2021-41773/apache-cve-2021-41773.log`, 'combined', 3, 2, 0, 1),
  of(`${hub}/apache-http-probing/apache-http-probing.log`, 'combined', 77, 77),
  of(`${hub}/apache2-http-sensitive-files/apache2-http-sensitive-files.log`, 'combined', 13, 13),
  of(`${hub}/apache2-malformed/apache2-logs.log`, 'combined', 11, 11),
  of(`${hub}/http-admin-interface-probing/http-admin-interface-probing.log`, 'combined', 3, 3),
  of(`${hub}/http-dos-bypass-cache/http_dos_bypass_cache.log`, 'combined', 356, 356),
  of(`${hub}/http-dos-invalid-http-versions/http-dos-invalid-http-versions.log`, 'combined', 6, 6),
  of(`${hub}/http-dos-random-uri/http_dos_random_uri.log`, 'combined', 66, 66),
  of(`${hub}/http-dos-switching-ua/http-dos-switching-ua.log`, 'combined', 15, 15),
  of(`${hub}/http-generic-test/http-generic-test.log`, 'combined', 1, 1),
  of(`${hub}/http-wordpress-scan/http-wordpress-scan.log`, 'combined', 8, 8),
  of(`${hub}/nginx-bad-user-agent/nginx-bad-user-agent.log`, 'combined', 3, 3),
  of(`${hub}/nginx-cve-2021-41773/cve-2021-41773.log`, 'combined', 2, 2),
  of(`${hub}/nginx-http-backdoor/nginx-http-backdoor.log`, 'combined', 2, 2),
  of(`${hub}/nginx-http-malformed/nginx_http-logs.log`, 'combined', 12, 12),
  of(`${hub}/nginx-http-path-traversal/nginx-http-path-traversal.log`, 'combined', 9, 9),
  of(`${hub}/nginx-http-sensitive-files/nginx-http-sensitive-files.log`, 'combined', 9, 9),
  of(`${hub}/nginx-http-sqli-probing/nginx-http-sqli-probing.log`, 'combined', 16, 16),
  of(`${hub}/nginx-http-xss-probing/nginx-http-xss-probing.log`, 'combined', 26, 26),
  of(`${hub}/ssh-slow-bf/ssh-slow-bf.log`, 'sshd', 22, 22),
  of(`${hub}/ssh-timeout/ssh-timeout.log`, 'sshd', 8, 8),
  of(`${hub}/sshd-impossible-travel/sshd-success-logs.log`, 'sshd', 2, 2),
  of(`${hub}/sshd-logs/sshd-logs.log`, 'sshd', 24, 26, 3),
  of(`${hub}/sshd-refused-conn/sshd-refused-conn.log`, 'sshd', 1, 1),
  of(`${hub}/sshd-success-logs/sshd-success-logs.log`, 'sshd', 4, 4),
];

function read({ file, reader: name }: Expected): Expected['counts'] {
  const bytes = readFileSync(join(data, file));
  const text = file.endsWith('.gz') ? gunzipSync(bytes).toString('utf8') : bytes.toString('latin1');
  const lines = text.split('\n').filter((line) => line !== '');
  const reader = readers.find((one) => one.name === name)!;
  expect(detectFormat(lines)?.name, file).toBe(name);
  const next = reader.start({ source: 'test', now: () => Date.UTC(2025, 2, 1) });
  const counts = { lines: lines.length, skipped: 0, rejected: 0, events: 0 };
  let n = 0;
  for (const line of lines) {
    try {
      const made = next(line);
      if (made === null) counts.skipped++;
      for (const event of [made ?? []].flat()) {
        counts.events++;
        // The model's schemas are slow: all of the small files, and each 20th event of the large ones.
        if (lines.length < 1_000 || n++ % 20 === 0)
          parseEvent({ id: '00000000-0000-8000-8000-000000000000', arrived: 0, sensor: 'test', ...event });
      }
    } catch (error) {
      if (!(error instanceof Reject)) throw error;
      expect(error.message).not.toBe('');
      counts.rejected++;
    }
  }
  return counts;
}

describe.skipIf(!existsSync(join(data, tpot)))(
  'real logs (skipped without CALTROP_TEST_DATA or ../shared/data)',
  () => {
    it.each(expected)('$file', (one) => {
      expect(read(one)).toEqual(one.counts);
    });
  },
);
