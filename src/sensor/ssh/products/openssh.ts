/** What the server of OpenSSH has had unchanged since 7.x. */
export const openssh = {
  family: 'openssh',
  ciphers: [
    'chacha20-poly1305@openssh.com',
    'aes128-ctr',
    'aes192-ctr',
    'aes256-ctr',
    'aes128-gcm@openssh.com',
    'aes256-gcm@openssh.com',
  ],
  macs: [
    'umac-64-etm@openssh.com',
    'umac-128-etm@openssh.com',
    'hmac-sha2-256-etm@openssh.com',
    'hmac-sha2-512-etm@openssh.com',
    'hmac-sha1-etm@openssh.com',
    'umac-64@openssh.com',
    'umac-128@openssh.com',
    'hmac-sha2-256',
    'hmac-sha2-512',
    'hmac-sha1',
  ],
  compressions: ['none', 'zlib@openssh.com'],
  rsaBits: 3_072,
  // KbdInteractiveAuthentication is off in the configuration of Debian and Ubuntu.
  methods: ['publickey', 'password'],
  maxAuthTries: 6,
  graceMs: 120_000,
  startups: { begin: 10, rate: 30, full: 100 },
} as const;

/** Key exchange without the hybrid method, whose place changed. */
export const ecdhMethods = [
  'curve25519-sha256',
  'curve25519-sha256@libssh.org',
  'ecdh-sha2-nistp256',
  'ecdh-sha2-nistp384',
  'ecdh-sha2-nistp521',
] as const;

export const dhMethods = [
  'diffie-hellman-group-exchange-sha256',
  'diffie-hellman-group16-sha512',
  'diffie-hellman-group18-sha512',
  'diffie-hellman-group14-sha256',
] as const;

/** The answer to the Terrapin attack, which distributions brought to their older releases too. */
export const strictKex = 'kex-strict-s-v00@openssh.com';
