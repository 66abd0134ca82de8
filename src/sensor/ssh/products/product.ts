/** An SSH server as it shows itself: lists in its order, and the habits in which servers differ. */
export interface Product {
  name: string;
  family: 'openssh' | 'dropbear';
  /** The identification string without its line end (RFC 4253 §4.2). */
  ident: string;
  kex: readonly string[];
  hostKeys: readonly string[];
  ciphers: readonly string[];
  macs: readonly string[];
  compressions: readonly string[];
  /** What EXT_INFO tells (RFC 8308), in order. */
  extensions: readonly (readonly [string, string])[];
  /** Size of its RSA key as it is generated at installation. */
  rsaBits: number;
  /** Methods that `none` is answered with. */
  methods: readonly ('publickey' | 'password' | 'keyboard-interactive')[];
  maxAuthTries: number;
  /** How long a client may take to be let in, in milliseconds. */
  graceMs: number;
  /** Unauthenticated connections: from how many on some are refused, how many of 100, and from how many on all. */
  startups: { begin: number; rate: number; full: number };
}
