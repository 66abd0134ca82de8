import { dhMethods, ecdhMethods, openssh, strictKex } from './openssh.ts';
import type { Product } from './product.ts';

/** Ubuntu 20.04, openssh-server 1:8.2p1-4ubuntu0.13: still signs with SHA-1 where asked to. */
export const openssh82Ubuntu20: Product = {
  ...openssh,
  name: 'openssh-8.2p1-ubuntu20.04',
  ident: 'SSH-2.0-OpenSSH_8.2p1 Ubuntu-4ubuntu0.13',
  kex: [...ecdhMethods, ...dhMethods, strictKex],
  hostKeys: ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa', 'ecdsa-sha2-nistp256', 'ssh-ed25519'],
  extensions: [
    [
      'server-sig-algs',
      'ssh-ed25519,sk-ssh-ed25519@openssh.com,ssh-rsa,rsa-sha2-256,rsa-sha2-512,ssh-dss,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,sk-ecdsa-sha2-nistp256@openssh.com',
    ],
  ],
};
