/**
 * Addresses that many people depend on: attackers live among them too, so they are never refused outright. Facts of the operators'
 * own pages, which each group names; written down without looking them up again, so check a block there before you rely on it.
 */
export interface CautionGroup {
  what: string;
  source: string;
  /** The most that a signal may cause: a tip, or a deny on single ports for the shortest term. */
  most: 'tip' | 'first-step';
  blocks: readonly string[];
}

const list = (text: string): string[] => text.trim().split(/\s+/);

export const cautionGroups: readonly CautionGroup[] = [
  {
    what: 'public DNS resolver',
    source:
      "the operators' own set-up pages (Google, Cloudflare, Quad9, OpenDNS, AdGuard, Control D and others)",
    most: 'tip',
    blocks: list(`
      8.8.8.8 8.8.4.4 1.1.1.1 1.0.0.1 1.1.1.2 1.0.0.2 1.1.1.3 1.0.0.3 9.9.9.9 9.9.9.10 9.9.9.11 149.112.112.112
      149.112.112.10 149.112.112.11 208.67.222.222 208.67.220.220 208.67.222.123 208.67.220.123 94.140.14.14 94.140.15.15
      76.76.2.0 76.76.10.0 4.2.2.1 4.2.2.2 64.6.64.6 64.6.65.6 185.228.168.9 185.228.169.9 77.88.8.8 77.88.8.1
      223.5.5.5 223.6.6.6 119.29.29.29 114.114.114.114 114.114.115.115 156.154.70.1 156.154.71.1 8.26.56.26 8.20.247.20
      2001:4860:4860::8888 2001:4860:4860::8844 2606:4700:4700::1111 2606:4700:4700::1001 2620:fe::fe 2620:fe::9
      2620:119:35::35 2620:119:53::53 2a10:50c0::ad1:ff 2a10:50c0::ad2:ff`),
  },
  {
    what: 'DNS root server',
    source: 'https://www.iana.org/domains/root/servers',
    most: 'tip',
    blocks: list(`
      198.41.0.4 170.247.170.2 192.33.4.12 199.7.91.13 192.203.230.10 192.5.5.241 192.112.36.4 198.97.190.53
      192.36.148.17 192.58.128.30 193.0.14.129 199.7.83.42 202.12.27.33`),
  },
  {
    what: 'Cloudflare',
    source: 'https://www.cloudflare.com/ips/',
    most: 'first-step',
    blocks: list(`
      173.245.48.0/20 103.21.244.0/22 103.22.200.0/22 103.31.4.0/22 141.101.64.0/18 108.162.192.0/18 190.93.240.0/20
      188.114.96.0/20 197.234.240.0/22 198.41.128.0/17 162.158.0.0/15 104.16.0.0/13 104.24.0.0/14 172.64.0.0/13
      131.0.72.0/22 2400:cb00::/32 2606:4700::/32 2803:f800::/32 2405:b500::/32 2405:8100::/32 2a06:98c0::/29
      2c0f:f248::/32`),
  },
  {
    what: 'Fastly',
    source: 'https://api.fastly.com/public-ip-list',
    most: 'first-step',
    blocks: list(`
      23.235.32.0/20 43.249.72.0/22 103.244.50.0/24 103.245.222.0/23 103.245.224.0/24 104.156.80.0/20 140.248.64.0/18
      140.248.128.0/17 146.75.0.0/17 151.101.0.0/16 157.52.64.0/18 167.82.0.0/17 167.82.128.0/20 167.82.160.0/20
      167.82.224.0/20 172.111.64.0/18 185.31.16.0/22 199.27.72.0/21 199.232.0.0/16 2a04:4e40::/32 2a04:4e42::/32`),
  },
  {
    what: 'GitHub',
    source: 'https://api.github.com/meta',
    most: 'first-step',
    blocks: list(
      '140.82.112.0/20 192.30.252.0/22 185.199.108.0/22 143.55.64.0/20 2a0a:a440::/29 2606:50c0::/32',
    ),
  },
  {
    what: 'search engine',
    source:
      'https://developers.google.com/search/apis/ipranges/googlebot.json, https://www.bing.com/toolbox/bingbot.json',
    most: 'first-step',
    blocks: list('66.249.64.0/19 157.55.39.0/24 207.46.13.0/24 40.77.167.0/24'),
  },
  {
    what: 'Teredo: one /64 is all clients of a relay, RFC 4380',
    source: 'https://www.iana.org/assignments/iana-ipv6-special-registry',
    most: 'tip',
    blocks: ['2001::/32'],
  },
];
