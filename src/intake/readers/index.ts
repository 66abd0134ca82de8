import { type AnyReader, isBinary, type Reader } from '../reader.ts';
import { bindQuery } from './bind-query.ts';
import { caltrop } from './caltrop.ts';
import { ciscoAsa } from './cisco-asa.ts';
import { combined } from './combined.ts';
import { cowrie } from './cowrie.ts';
import { cowrieSessions } from './cowrie-sessions.ts';
import { dionaea } from './dionaea.ts';
import { dnsmasq } from './dnsmasq.ts';
import { dnstap } from './dnstap.ts';
import { edges } from './edges.ts';
import { heralding } from './heralding.ts';
import { honeytrap } from './honeytrap.ts';
import { passiveDns } from './passive-dns.ts';
import { route53Resolver } from './route53-resolver.ts';
import { sshd } from './sshd.ts';
import { suricataDns } from './suricata-dns.ts';
import { unbound } from './unbound.ts';
import { zeekDns } from './zeek-dns.ts';
import { zeekSsl } from './zeek-ssl.ts';
import { zeekX509 } from './zeek-x509.ts';

/** The log formats, in the order in which detection prefers them where two fit equally. */
export const readers: readonly AnyReader[] = [
  caltrop,
  cowrie,
  cowrieSessions,
  dionaea,
  heralding,
  honeytrap,
  ciscoAsa,
  sshd,
  combined,
  dnstap,
  zeekDns,
  zeekSsl,
  zeekX509,
  suricataDns,
  bindQuery,
  unbound,
  dnsmasq,
  route53Resolver,
  passiveDns,
  edges,
];

/** Those of them that read lines. */
export const lineReaders = readers.filter((reader): reader is Reader => !isBinary(reader));
