import { expect, it } from 'vitest';
import { createPersona } from '../personas.ts';

const many = Array.from({ length: 50 }, (_, i) => createPersona(`${i}`, 'debian12-database'));

it('has what Debian 12 packages, and an account for each database', () => {
  for (const { web, ssh, users, disk } of many) {
    expect([web.server, ssh]).toEqual(['nginx/1.22.1', 'openssh-9.2p1-debian12']);
    expect(users.map(({ name }) => name)).toEqual(expect.arrayContaining(['postgres', 'mysql']));
    // The volume of another distribution's installer would not be there.
    expect(disk.device).not.toContain('ubuntu');
  }
});
