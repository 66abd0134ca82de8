// Says each line that starts with `> ` in engine.txt to a Docker Engine on loopback and writes its answer below it as `< `.
// The engine must have an image alpine:latest with BusyBox in it, and no other: `dockerd -H tcp://127.0.0.1:PORT --bridge=none
// --iptables=false --storage-driver=vfs`, `tar -c … | docker import - alpine:latest`. Usage: node record.mjs PORT
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';

const path = new URL('engine.txt', import.meta.url);
const port = Number(process.argv[2]);
const lines = [];
for (const line of readFileSync(path, 'utf8').split('\n')) {
  if (line.startsWith('#') || line === '') lines.push(line);
  if (!line.startsWith('> ')) continue;
  const answer = await new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(JSON.parse(line.slice(2)), 'latin1'));
    let text = '';
    socket.setEncoding('latin1').on('data', (more) => {
      text += more;
    });
    socket.setTimeout(1_500, () => socket.destroy());
    socket.on('close', () => resolve(text)).on('error', reject);
  });
  lines.push(line, `< ${JSON.stringify(normal(answer))}`);
}
writeFileSync(path, `${lines.join('\n').trimEnd()}\n`);

function normal(answer) {
  return answer
    .replace(/Date: [^\r]*/, 'Date: *')
    .replace(/\b[0-9a-f]{64}\b/g, '*64*')
    .replace(/"Created":\d+/g, '"Created":0')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '*time*')
    .replace(/"KernelVersion":"[^"]*"/g, '"KernelVersion":"*"');
}
