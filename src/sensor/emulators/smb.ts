import { z } from 'zod';
import { defineEmulator } from '../emulator.ts';
import { namingOf } from '../ntlm/messages.ts';
import { readMessage, sendMessage } from '../smb/frame.ts';
import { type Machine, Peer } from '../smb/peer.ts';
import { answer1, dialectsOf } from '../smb/smb1.ts';
import { answer2, negotiated } from '../smb/smb2.ts';

const messageLimit = 10_000;

interface System {
  nativeOs: string;
  nativeLan: string;
  version: [major: number, minor: number, build: number];
  dialects: readonly number[];
  maxBuffer: number;
}

/** As they name themselves in SMB1's session setup, and which of SMB2's dialects they know (MS-SMB2, appendix A <125>). */
const systems: Record<'windows7' | 'server2008r2' | 'server2016', System> = {
  windows7: {
    nativeOs: 'Windows 7 Professional 7601 Service Pack 1',
    nativeLan: 'Windows 7 Professional 6.1',
    version: [6, 1, 7601],
    dialects: [0x0210, 0x0202],
    maxBuffer: 4_356,
  },
  server2008r2: {
    nativeOs: 'Windows Server 2008 R2 Standard 7601 Service Pack 1',
    nativeLan: 'Windows Server 2008 R2 Standard 6.1',
    version: [6, 1, 7601],
    dialects: [0x0210, 0x0202],
    maxBuffer: 16_644,
  },
  server2016: {
    nativeOs: 'Windows Server 2016 Standard 14393',
    nativeLan: 'Windows Server 2016 Standard 6.3',
    version: [10, 0, 14_393],
    dialects: [0x0311, 0x0302, 0x0300, 0x0210, 0x0202],
    maxBuffer: 16_644,
  },
};

/** File sharing of Windows: negotiation, NTLM answers, share names, and the probes that worms make. */
export const smb = defineEmulator({
  name: 'smb',
  summary: 'Windows file sharing that refuses every login',
  port: 445,
  highPort: 4445,
  options: z.strictObject({
    system: z.enum(['windows7', 'server2008r2', 'server2016']).default('server2008r2'),
    /** Seems to lack the patch MS17-010, so that what a worm would send is seen. */
    vulnerable: z.boolean().default(true),
  }),

  async session(wire, { system, vulnerable }) {
    const { version, ...own } = systems[system];
    const machine: Machine = {
      ...own,
      naming: namingOf(wire.persona, version),
      guid: Buffer.from(wire.persona.token('smb-guid', 32), 'hex'),
      vulnerable,
    };
    const peer = new Peer(wire, machine);
    for (let count = 0; count < messageLimit; count++) {
      const message = await readMessage(wire);
      if (message === null || message.length < 32) return;
      const answer = respond(peer, message);
      if (answer === null) return;
      if (answer.length) sendMessage(wire, answer);
    }
  },
});

function respond(peer: Peer, message: Buffer): Buffer | null {
  const magic = message.toString('latin1', 0, 4);
  if (magic === '\xfeSMB') return answer2(peer, message);
  if (magic !== '\xffSMB') return null;
  if (message[4] === 0x72) {
    const dialects = dialectsOf(message);
    peer.wire.emit({ kind: 'fingerprint', method: 'smb-dialects', value: dialects.join(', ') });
    if (dialects.includes('SMB 2.???')) return negotiated(peer, undefined, true);
    if (dialects.includes('SMB 2.002')) return negotiated(peer);
  }
  return answer1(peer, message);
}
