import { expect, it } from 'vitest';
import { reading } from './fixture.ts';

const wanted = {
  type: 'url',
  value: 'http://192.0.2.7/x.sh',
  first: Date.UTC(2026, 0, 30, 10, 0, 5),
  last: Date.UTC(2026, 0, 31, 9, 0, 0),
  note: 'malware_download: elf,mirai',
};

it('reads the table, whose titles are a remark', () => {
  const text = `######\n# URLhaus\n#\n# id,dateadded,url,url_status,last_online,threat,tags,urlhaus_link,reporter\n"1","2026-01-30 10:00:05","http://192.0.2.7/x.sh","online","2026-01-31 09:00:00","malware_download","elf,mirai","https://urlhaus.invalid/url/1/","someone"\n`;
  const [entries, refused, format] = reading(text);
  expect([entries, refused, format]).toEqual([[wanted], {}, 'urlhaus']);
});

it('reads JSON by number, and as the API answers', () => {
  const record = {
    dateadded: '2026-01-30 10:00:05 UTC',
    url: 'http://192.0.2.7/x.sh',
    url_status: 'online',
    last_online: '2026-01-31 09:00:00 UTC',
    threat: 'malware_download',
    tags: ['elf', 'mirai'],
    urlhaus_link: 'https://urlhaus.invalid/url/1/',
  };
  expect(reading(JSON.stringify({ 1: [record], 2: [7] }))).toEqual([
    [wanted],
    { 'not of this form': 1 },
    'urlhaus',
  ]);
  expect(reading(JSON.stringify({ query_status: 'ok', urls: [record] }))).toEqual([[wanted], {}, 'urlhaus']);
});
