import { dhMethods, ecdhMethods, openssh, strictKex } from './openssh.ts';
import type { Product } from './product.ts';

/** Ubuntu 22.04, openssh-server 1:8.9p1-3ubuntu0.13: the hybrid method behind those of elliptic curves (release notes of 8.9). */
export const openssh89Ubuntu22: Product = {
  ...openssh,
  name: 'openssh-8.9p1-ubuntu22.04',
  ident: 'SSH-2.0-OpenSSH_8.9p1 Ubuntu-3ubuntu0.13',
  kex: [...ecdhMethods, 'sntrup761x25519-sha512@openssh.com', ...dhMethods, strictKex],
  hostKeys: ['rsa-sha2-512', 'rsa-sha2-256', 'ecdsa-sha2-nistp256', 'ssh-ed25519'],
  extensions: [
    [
      'server-sig-algs',
      'ssh-ed25519,sk-ssh-ed25519@openssh.com,ssh-rsa,rsa-sha2-256,rsa-sha2-512,ssh-dss,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,sk-ecdsa-sha2-nistp256@openssh.com,webauthn-sk-ecdsa-sha2-nistp256@openssh.com',
    ],
    ['publickey-hostbound@openssh.com', '0'],
  ],
};
