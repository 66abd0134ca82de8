import { readIp } from '../../kit/ip.ts';
import { beginsFrames, FrameCutter } from '../frame-stream.ts';
import { defineReader, type Reading, Reject } from '../reader.ts';
import { answer, nowhere } from './parts/dns.ts';
import { readResponse } from './parts/dns-message.ts';
import { moment } from './parts/fields.ts';
import { eachField } from './parts/protobuf.ts';

export const dnstapContent = 'protobuf:dnstap.Dnstap';

const notDnstap = new Reject('not a message of dnstap');
const badAddress = new Reject('an address that is none');

/** Message types (`dnstap.proto`) whose response is read. Updates change a zone; queries are told again with their responses. */
const responses = new Map([
  [2, 'AUTH_RESPONSE'],
  [4, 'RESOLVER_RESPONSE'],
  [6, 'CLIENT_RESPONSE'],
  [8, 'FORWARDER_RESPONSE'],
  [10, 'STUB_RESPONSE'],
  [12, 'TOOL_RESPONSE'],
]);
/** Socket protocols over TCP: TCP, DoT, DoH, DNSCrypt over TCP. */
const overTcp = new Set([2, 3, 4, 6]);

/**
 * dnstap (https://dnstap.info, `dnstap.proto`) in Frame Streams: of each response, question and answer section, and name servers. `detail.message`
 * tells who asked whom: of RESOLVER_RESPONSE the source is the resolver itself.
 */
export const dnstap = defineReader({
  name: 'dnstap',
  summary: 'dnstap in Frame Streams',

  begins: (bytes) => beginsFrames(bytes, dnstapContent),
  cutter: () => new FrameCutter(dnstapContent),
  start: () => told,
});

function told(frame: Buffer): Reading | null {
  let type = 0;
  let message = null as Buffer | null;
  let identity = '';
  const whole = eachField(frame, 0, frame.length, (field, value, end) => {
    if (field === 15) type = value;
    else if (field === 14 && end >= 0) message = frame.subarray(value, end);
    else if (field === 1 && end >= 0) identity = frame.toString('utf8', value, Math.min(end, value + 64));
  });
  if (!whole || type !== 1 || message === null) throw notDnstap;
  return messageOf(message, identity);
}

function messageOf(bytes: Buffer, identity: string): Reading | null {
  const numbers: number[] = [];
  const parts: (Buffer | undefined)[] = [];
  const whole = eachField(bytes, 0, bytes.length, (field, value, end) => {
    if (field > 15) return;
    if (end >= 0) parts[field] = bytes.subarray(value, end);
    else numbers[field] = value;
  });
  if (!whole || numbers[1] === undefined) throw notDnstap;
  const message = responses.get(numbers[1]);
  if (message === undefined) return null;
  const response = parts[14] && readResponse(parts[14]);
  if (response === undefined) throw notDnstap;
  if (response === null) return null;
  const seconds = numbers[12] ?? numbers[8];
  const nanoseconds = numbers[12] === undefined ? numbers[9] : numbers[13];
  if (seconds === undefined) throw notDnstap;
  return answer(
    {
      time: moment(seconds * 1_000 + Math.floor((nanoseconds ?? 0) / 1e6)),
      transport: overTcp.has(numbers[3] ?? 0) ? 'tcp' : 'udp',
      src: end(parts[4], numbers[6]),
      dst: end(parts[5], numbers[7]),
    },
    { ...response, detail: { message, ...(identity !== '' && { identity }) } },
  );
}

function end(address: Buffer | undefined, port = 0): { ip: string; port: number } {
  if (address === undefined || address.length === 0) return { ip: nowhere.ip, port: port & 0xffff };
  if (address.length === 16) return { ip: readIp(address), port: port & 0xffff };
  if (address.length !== 4) throw badAddress;
  return { ip: address.join('.'), port: port & 0xffff };
}
