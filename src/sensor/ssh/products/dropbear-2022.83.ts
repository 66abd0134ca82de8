import type { Product } from './product.ts';

/** Dropbear 2022.83 as Debian 12 builds it (dropbear-bin 2022.83-1+deb12u3); recorded on loopback. */
export const dropbear2022: Product = {
  name: 'dropbear-2022.83',
  family: 'dropbear',
  ident: 'SSH-2.0-dropbear_2022.83',
  kex: [
    'curve25519-sha256',
    'curve25519-sha256@libssh.org',
    'ecdh-sha2-nistp521',
    'ecdh-sha2-nistp384',
    'ecdh-sha2-nistp256',
    'diffie-hellman-group14-sha256',
    'diffie-hellman-group14-sha1',
    'kexguess2@matt.ucc.asn.au',
    'kex-strict-s-v00@openssh.com',
  ],
  hostKeys: ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'rsa-sha2-256', 'ssh-rsa'],
  ciphers: ['chacha20-poly1305@openssh.com', 'aes128-ctr', 'aes256-ctr'],
  macs: ['hmac-sha1', 'hmac-sha2-256'],
  compressions: ['zlib@openssh.com', 'none'],
  extensions: [
    [
      'server-sig-algs',
      'ssh-ed25519,sk-ssh-ed25519@openssh.com,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,sk-ecdsa-sha2-nistp256@openssh.com,rsa-sha2-256,ssh-rsa,ssh-dss',
    ],
  ],
  rsaBits: 2_048,
  methods: ['publickey', 'password'],
  maxAuthTries: 10,
  graceMs: 300_000,
  // MAX_UNAUTH_PER_IP: five of one address.
  startups: { begin: 5, rate: 100, full: 5 },
};
