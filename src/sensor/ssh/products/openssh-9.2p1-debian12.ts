import { dhMethods, ecdhMethods, openssh, strictKex } from './openssh.ts';
import type { Product } from './product.ts';

/** Debian 12, openssh-server 1:9.2p1-2+deb12u10; recorded on loopback. */
export const openssh92Debian12: Product = {
  ...openssh,
  name: 'openssh-9.2p1-debian12',
  ident: 'SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10',
  kex: [
    'sntrup761x25519-sha512',
    'sntrup761x25519-sha512@openssh.com',
    ...ecdhMethods,
    ...dhMethods,
    strictKex,
  ],
  hostKeys: ['rsa-sha2-512', 'rsa-sha2-256', 'ecdsa-sha2-nistp256', 'ssh-ed25519'],
  extensions: [
    [
      'server-sig-algs',
      'ssh-ed25519,sk-ssh-ed25519@openssh.com,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,sk-ecdsa-sha2-nistp256@openssh.com,webauthn-sk-ecdsa-sha2-nistp256@openssh.com,ssh-dss,ssh-rsa,rsa-sha2-256,rsa-sha2-512',
    ],
    ['publickey-hostbound@openssh.com', '0'],
  ],
};
