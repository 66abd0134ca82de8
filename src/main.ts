import { main } from './cli/main.ts';

// Whoever reads what we print may leave (`| head`): what runs goes on, and what only prints comes to its end.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });

process.exitCode = await main(process.argv.slice(2));
