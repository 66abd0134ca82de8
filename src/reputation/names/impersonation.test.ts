import { expect, test } from 'vitest';
import { normalName } from '../../kit/domain-name.ts';
import { brandsOf, Impersonators } from './impersonation.ts';
import { partsOf } from './parts.ts';
import { mixesScripts, skeletonOf, whollyConfusable } from './skeleton.ts';

const impersonators = new Impersonators();
const look = (text: string) => impersonators.look(partsOf(normalName(text)!));

test.each([
  ['paypa1.com', 'lookalike', 'paypal.com', 'looks like paypal.com with other characters'],
  ['pay-pal.info', 'lookalike', 'paypal.com', undefined],
  ['rnicrosoft.com', 'lookalike', 'microsoft.com', undefined],
  ['аррӏе.com', 'lookalike', 'apple.com', 'looks like apple.com in letters of another script'],
  ['gооgle.com', 'lookalike', 'google.com', undefined],
  ['payppal.com', 'typo', 'paypal.com', 'looks like paypal.com with one letter changed'],
  ['gogle.com', 'typo', 'google.com', undefined],
  ['micorsoft.net.example.com', null, null, undefined],
  ['paypal-login.com', 'lure', 'paypal.com', 'has the name of paypal.com together with "login"'],
  ['securepaypalaccount.xyz', 'lure', 'paypal.com', undefined],
  ['mypaypalstuff.com', 'inside', 'paypal.com', undefined],
  [
    'www.paypal.com.evil.example',
    'sub-domain',
    'paypal.com',
    "has the name of paypal.com before another owner's domain",
  ],
  ['paypal.tk', 'other-suffix', 'paypal.com', undefined],
  ['netflix.duckdns.org', 'other-suffix', 'netflix.com', undefined],
  ['example.com', null, null, undefined],
  ['pineapple.com', 'inside', 'apple.com', undefined],
])('%s', (name, likeness, brand, says) => {
  const { found, own } = look(name);
  expect(own).toBeNull();
  expect(found?.likeness ?? null).toBe(likeness);
  expect(found?.brand ?? null).toBe(brand);
  if (says) expect(found?.says).toBe(says);
});

test('a brand’s own domains are its own, what strangers hold under them is not', () => {
  expect(look('www.paypal.com')).toMatchObject({ own: 'paypal.com', found: null });
  expect(look('login.microsoftonline.com')).toMatchObject({ own: 'microsoft.com', found: null });
  expect(look('somebody.github.io').own).toBeNull();
  expect(look('paypal-login.github.io').found?.likeness).toBe('lure');
});

test('scripts that are mixed in one label', () => {
  expect(look('gооgle.com').mixedScript).toBe(true);
  expect(look('аррӏе.com').mixedScript).toBe(false);
  expect(look('bücher.de')).toMatchObject({ idn: true, mixedScript: false, found: null });
  expect(mixesScripts('пример')).toBe(false);
  expect(whollyConfusable('аррӏе')).toBe(true);
  expect(whollyConfusable('пример')).toBe(false);
});

test('a part between hyphens that looks like a brand is told, and is no feature', () => {
  expect(look('paypa1-login.duckdns.org')).toMatchObject({
    found: null,
    part: { likeness: 'lookalike', brand: 'paypal.com' },
  });
  expect(look('my-gogle-account.info').part).toMatchObject({ likeness: 'typo', brand: 'google.com' });
  expect(look('just-some-words.info').part).toBeNull();
});

test('skeletons', () => {
  expect(skeletonOf('ＰａｙＰａｌ')).toBe(skeletonOf('paypal'));
  expect(skeletonOf('g00gle')).toBe(skeletonOf('google'));
  expect(skeletonOf('gòögle')).toBe(skeletonOf('google'));
  expect(skeletonOf('g-o_ogle')).toBe(skeletonOf('google'));
  expect(skeletonOf('amazon')).not.toBe(skeletonOf('google'));
});

test("an operator's own brands", () => {
  const own = new Impersonators(brandsOf(['www.example.org', 'example.net', 'widgets.co.uk']));
  expect(own.look(partsOf('example.net')).own).toBe('example.org');
  expect(own.look(partsOf('widgts.co.uk')).found).toMatchObject({ likeness: 'typo', brand: 'widgets.co.uk' });
  expect(own.look(partsOf('paypa1.com')).found).toBeNull();
});
