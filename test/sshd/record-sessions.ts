// Records how a real SSH server answers the probes after the key exchange: `node record-sessions.js PORT USER PASSWORD`.
import { runSessionProbe, sessionProbes } from './session-probes.ts';

const [, , port, user = 'root', secret = ''] = process.argv;
for (const probe of sessionProbes) {
  const lines = await runSessionProbe(Number(port), probe, { user, secret }, 1_500);
  process.stdout.write(`# ${probe.name}\n${lines.join('\n')}\n\n`);
}
