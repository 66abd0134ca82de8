import { Socket } from 'node:net';
import { systemClock } from '../kit/clock.ts';
import { Guard } from './guard.ts';
import { serve } from './serve.ts';

// The privileged helper: started with CAP_NET_ADMIN and nothing else, no HTTP, no files, no database. It talks to its parent
// over the stream that it inherits as descriptor 4, and ends with it; what stands in the kernel stands on.
const stream = new Socket({ fd: 4 });
stream.on('error', () => process.exit(1));
stream.on('close', () => process.exit(0));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});
serve(stream, new Guard(), systemClock);
