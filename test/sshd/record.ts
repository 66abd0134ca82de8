// Records how a real SSH server answers the probes: `node record.js PORT`, the transcript on stdout.
import { probes, runProbe } from './probes.ts';

for (const probe of probes) {
  const lines = await runProbe(Number(process.argv[2]), probe);
  process.stdout.write(`# ${probe.name}\n${lines.join('\n')}\n\n`);
}
