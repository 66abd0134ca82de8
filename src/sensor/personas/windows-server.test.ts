import { expect, it } from 'vitest';
import { createPersona } from '../personas.ts';

const many = Array.from({ length: 50 }, (_, i) => createPersona(`${i}`, 'windows-server'));

it('is called as Windows calls machines, and renews its certificate by itself', () => {
  for (const { hostname, certificate, ssh, services } of many) {
    expect(hostname).toMatch(/^[A-Z0-9-]{4,15}$/);
    expect(certificate.renewed).toBe(true);
    expect(ssh).toBe('');
    expect(services.map(({ emulator }) => emulator)).toEqual(['smb', 'rdp', 'mssql', 'http']);
  }
});
