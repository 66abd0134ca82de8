import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { configSchema, sensorSettings } from './config.ts';
import { planOf } from './pipeline/sensor.ts';
import { layoutOf } from './sensor/layout.ts';
import { kinds } from './sensor/personas/index.ts';
import { planSchema } from './sensor/plan.ts';

const read = (sensor: unknown) => configSchema.parse({ sensor }).sensor;
const running = (sensor: unknown) =>
  layoutOf(read(sensor)).listening.map(({ emulator, host, port }) => `${emulator} ${host} ${port}`);
const faults = (sensor: unknown) =>
  (configSchema.safeParse({ sensor }).error?.issues ?? []).map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  );

describe('the persona', () => {
  it('is a storage box unless told otherwise', () => {
    expect(running({})).toEqual(
      ['ssh', 'telnet', 'http', 'redis'].map(
        (name, i) => `${name} 127.0.0.1 ${[2_222, 2_323, 8_080, 6_379][i]}`,
      ),
    );
  });

  it('decides what runs and what it is told; what is named stands', () => {
    const sensor = read({
      persona: 'windows-server',
      services: { rdp: { options: { nla: false } }, smb: { enabled: false }, ftp: {} },
    });
    expect(sensor.services.rdp).toMatchObject({
      enabled: true,
      port: 3_389,
      options: { version: '10.0.14393', nla: false },
    });
    expect(layoutOf(sensor).listening.map(({ emulator }) => emulator)).toEqual([
      'http',
      'mssql',
      'ftp',
      'rdp',
    ]);
  });

  it.each(kinds.map(({ name }) => name))('%s is known, and shown again is the same', (persona) => {
    const config = configSchema.parse({ sensor: { persona, ports: 'real' } });
    expect(configSchema.parse(config)).toEqual(config);
    expect(layoutOf(config.sensor).listening.length).toBeGreaterThan(0);
    expect(layoutOf(config.sensor).machines).toMatchObject([
      { kind: persona, hosts: ['127.0.0.1'], salt: '' },
    ]);
  });

  it('that is not known is refused with the list', () => {
    const [fault] = faults({ persona: 'toaster' });
    expect(fault).toContain('sensor.persona: ');
    for (const { name } of kinds) expect(fault).toContain(`"${name}"`);
  });
});

describe('addresses', () => {
  it('wear machines of their own, and loopback is not meant besides', () => {
    const sensor = read({
      ports: 'real',
      addresses: [
        { ip: '127.0.0.2', persona: 'plc', name: 'hall-3' },
        { ip: '127.0.0.3', persona: 'mail-server', services: { ssh: { enabled: false } } },
      ],
    });
    const { machines, listening } = layoutOf(sensor);
    expect(sensor.bind).toEqual([]);
    expect(machines).toEqual([
      { name: 'hall-3', kind: 'plc', hosts: ['127.0.0.2'], salt: '127.0.0.2' },
      { kind: 'mail-server', hosts: ['127.0.0.3'], salt: '127.0.0.3' },
    ]);
    expect(
      listening.map(({ emulator, host, port, transport, machine }) => [
        emulator,
        host,
        `${transport}/${port}`,
        machine,
      ]),
    ).toEqual([
      ['ssh', '127.0.0.2', 'tcp/22', 0],
      ['http', '127.0.0.2', 'tcp/80', 0],
      ['https', '127.0.0.2', 'tcp/443', 0],
      ['mqtt', '127.0.0.2', 'tcp/1883', 0],
      ['snmp', '127.0.0.2', 'udp/161', 0],
      ['ntp', '127.0.0.2', 'udp/123', 0],
      ['modbus', '127.0.0.2', 'tcp/502', 0],
      ['http', '127.0.0.3', 'tcp/80', 1],
      ['https', '127.0.0.3', 'tcp/443', 1],
      ['ldap', '127.0.0.3', 'tcp/389', 1],
      ['smtp', '127.0.0.3', 'tcp/25', 1],
      ['smtp', '127.0.0.3', 'tcp/587', 1],
      ['dns', '127.0.0.3', 'tcp/53', 1],
      ['dns', '127.0.0.3', 'udp/53', 1],
    ]);
  });

  it('stand beside those of the short form where both are named', () => {
    const { machines } = layoutOf(read({ bind: ['127.0.0.1', '::1'], addresses: [{ ip: '127.0.0.2' }] }));
    expect(machines.map(({ hosts }) => hosts)).toEqual([['127.0.0.1', '::1'], ['127.0.0.2']]);
  });

  it('are refused where they are none or named twice', () => {
    expect(faults({ bind: [] })).toEqual(['sensor.bind: at least one address']);
    expect(faults({ addresses: [{ ip: '127.0.0.2' }, { ip: '127.0.0.2', persona: 'x' }] })[0]).toMatch(
      /^sensor\.addresses\.1\.persona: /,
    );
    expect(faults({ addresses: [{ ip: '127.0.0.2' }, { ip: '127.0.0.2' }] })).toEqual([
      'sensor.addresses.1.ip: an address that is not named before',
    ]);
  });
});

describe('ports', () => {
  it('are apart for TCP and UDP', () => {
    const services = (port: number) => ({
      services: { http: { port: 7_000 }, ntp: { port: 7_000 }, tftp: { port } },
    });
    expect(faults(services(7_001))).toEqual([]);
    expect(faults(services(7_000))).toEqual([
      'sensor.services.tftp.port: a port other than 7000, which ntp has',
    ]);
  });

  it('may be several, and the catch-all takes what is left of its range', () => {
    expect(
      running({
        services: {
          telnet: { enabled: false },
          redis: { enabled: false },
          http: { port: [8_080, 8_001] },
          catchall: { port: '8000-8003' },
        },
      }),
    ).toEqual(
      [2_222, 8_080, 8_001, 8_000, 8_002, 8_003].map(
        (port, i) => `${['ssh', 'http', 'http', 'catchall'][Math.min(i, 3)]} 127.0.0.1 ${port}`,
      ),
    );
  });

  it('are refused where two services want the same, or all want too many', () => {
    expect(faults({ services: { ssh: { port: 8_080 } } })).toEqual([
      'sensor.services.http.port: a port other than 8080, which ssh has',
    ]);
    expect(
      faults({ bind: ['127.0.0.1', '127.0.0.2'], services: { catchall: { port: '20000-20600' } } }),
    ).toEqual(['sensor.services: at most 1024 ports on all addresses together']);
  });
});

it('tells its schema to editors', () => {
  const schema = z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' });
  const { sensor } = schema.properties as Record<string, { properties?: object }>;
  expect(JSON.stringify(sensor)).toContain('"windows-server"');
  expect(JSON.stringify(sensor)).toContain('"nla"');
});

it('is settled for a member of the fleet as for a sensor here', () => {
  const plan = planOf(
    sensorSettings.parse({ persona: 'plc', addresses: [{ ip: '127.0.0.9', persona: 'ai-box' }] }),
  );
  expect(planSchema.parse(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
  expect(plan.machines).toEqual([{ kind: 'ai-box', hosts: ['127.0.0.9'], salt: '127.0.0.9' }]);
  expect(
    planSchema.safeParse({ machines: [{ kind: 'toaster', hosts: [], salt: '' }], services: [] }).success,
  ).toBe(false);
});
