/** What of a feed is read at the most. Whoever writes a feed is a stranger. */
export const feedLimits = {
  /** Bytes of a feed, unpacked. */
  bytes: 160 * 1024 * 1024,
  lines: 5_000_000,
  lineChars: 16_384,
  entries: 2_000_000,
  /** Braces and brackets within each other in JSON. */
  depth: 64,
  columns: 64,
  urlChars: 2_048,
  /** Of a family, and of a note. */
  familyChars: 64,
  noteChars: 256,
  /** Of a STIX pattern: characters, comparisons, and brackets within each other. */
  patternChars: 16_384,
  comparisons: 1_000,
  patternDepth: 32,
} as const;
