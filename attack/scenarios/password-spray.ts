import { pick, shuffled } from '../../src/kit/seeded.ts';
import { TelnetClient } from '../clients/telnet.ts';
import { crowd, defineScenario } from '../scenario.ts';

const names =
  'admin anna backup dave deploy ftp git guest helpdesk info jenkins mail maria nagios office oracle postgres sales scanner support test tomcat ubuntu www'.split(
    ' ',
  );
/** One password for all of them, so that no account is locked. */
const passwords = ['Winter2026!', 'Welcome1', 'Password1', 'Summer2026'];
const perMachine = 9;

/** One password for many accounts. */
export const passwordSpray = defineScenario({
  name: 'password-spray',
  summary: 'one password tried on many accounts, by telnet',
  needs: ['telnet'],
  count: 3,
  async run(ground) {
    await crowd(ground, ground.count, 'sprayer', async (source) => {
      const password = pick(source.draw, passwords);
      const accounts = shuffled(source.draw, names).slice(0, perMachine);
      let client: TelnetClient | null = null;
      for (const account of accounts) {
        if (!client) {
          const connection = await source.dial('telnet');
          if (!connection) return;
          client = new TelnetClient(connection);
        }
        const inside = await client.login(account, password);
        // Noted, and on to the next: it collects accounts.
        if (inside !== false) {
          await client.close();
          client = null;
        }
      }
      await client?.close();
      ground.say(`${source.address} tried ${password} on ${accounts.length} accounts`);
    });
  },
});
