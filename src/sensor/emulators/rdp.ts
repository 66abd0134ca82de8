import { z } from 'zod';
import { defineEmulator, type Wire } from '../emulator.ts';
import { namingOf } from '../ntlm/messages.ts';
import { readClientCore } from '../rdp/client.ts';
import { credssp } from '../rdp/credssp.ts';
import { confirm, failures, protocols, readPacket, readRequest } from '../rdp/x224.ts';
import { tellClientHello } from '../tls/tell.ts';

/** What a server of today can do: extended client data, graphics, restricted admin, remote guard (MS-RDPBCGR §2.2.1.2.1). */
const serverFlags = 0x1f;

/** Remote desktop up to its login: cookie, security, NTLM answers, and what the client says of itself. */
export const rdp = defineEmulator({
  name: 'rdp',
  summary: 'Remote desktop that refuses every login',
  port: 3389,
  highPort: 3389,
  options: z.strictObject({
    /** Windows as it says in its NTLM challenge: 10.0.17763 is Server 2019. */
    version: z
      .string()
      .regex(/^\d{1,2}\.\d{1,2}\.\d{1,5}$/)
      .default('10.0.17763'),
    /** Lets in nobody without network level authentication; without it clients tell more of themselves. */
    nla: z.boolean().default(false),
  }),

  async session(wire, { version, nla }) {
    const packet = await readPacket(wire);
    const request = packet ? readRequest(packet) : undefined;
    if (!request) return;
    if (request.cookie !== undefined)
      wire.emit({ kind: 'fingerprint', method: 'mstshash', value: request.cookie });
    if (request.token !== undefined)
      wire.emit({ kind: 'fingerprint', method: 'rdp-token', value: request.token });
    wire.emit({
      kind: 'fingerprint',
      method: 'rdp-negotiation',
      value: request.protocols === undefined ? 'none' : String(request.protocols),
      detail: { flags: request.flags, source: request.source },
    });
    const asked = request.protocols ?? protocols.rdp;
    const hybrid = (asked & (protocols.hybrid | protocols.hybridEx)) !== 0;
    if (nla && !hybrid) {
      const refusal = { type: 3, flags: 0, value: failures.hybridRequired } as const;
      wire.send(request.protocols === undefined ? confirm() : confirm(refusal));
      return;
    }
    const chosen = hybrid
      ? asked & protocols.hybrid
        ? protocols.hybrid
        : protocols.hybridEx
      : asked & protocols.tls
        ? protocols.tls
        : protocols.rdp;
    wire.send(
      request.protocols === undefined ? confirm() : confirm({ type: 2, flags: serverFlags, value: chosen }),
    );
    if (chosen !== protocols.rdp) {
      if (!(await tellClientHello(wire)) || !(await wire.startTls())) return;
      const [major = 10, minor = 0, build = 17_763] = version.split('.').map(Number);
      if (hybrid) return credssp(wire, namingOf(wire.persona, [major, minor, build]));
    }
    await conference(wire);
  },
});

/** The client's Connect-Initial; the session ends before its login. */
async function conference(wire: Wire): Promise<void> {
  const packet = await readPacket(wire);
  if (!packet) return;
  const core = readClientCore(packet);
  if (!core) {
    wire.emit({ kind: 'data', size: packet.length });
    return;
  }
  wire.emit({
    kind: 'fingerprint',
    method: 'rdp-client',
    value: core.name,
    software: `build ${core.build}`,
    detail: {
      version: `0x${core.version.toString(16)}`,
      keyboard: `0x${core.keyboard.toString(16).padStart(8, '0')}`,
      screen: `${core.width}x${core.height}`,
      channels: core.channels.join(' '),
    },
  });
  // CVE-2019-0708: only an attack binds the channel that is the server's own.
  if (core.channels.some((name) => name.toUpperCase() === 'MS_T120'))
    wire.emit({ kind: 'command', input: 'MS_T120', ok: false, detail: { cve: 'CVE-2019-0708' } });
}
