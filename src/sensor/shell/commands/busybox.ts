import { defineCommand, type ShellCommand } from '../shell.ts';
import { bannerOf } from './help.ts';

/** BusyBox by its own name: lists applets, runs one, or says that it has none of that name. */
export const busybox = defineCommand({
  names: ['busybox'],
  folder: '/bin',
  run({ args, shell, out, err, ...rest }) {
    const [, name, ...more] = args;
    if (name === undefined || name === '--help' || name === '--list') {
      const applets = appletNames(shell.commands);
      if (name === '--list') out(applets.map((applet) => `${applet}\n`).join(''));
      else {
        out(
          `${bannerOf(rest.hooks.persona)}\nBusyBox is copyrighted by many authors between 1998-2015.\nLicensed under GPLv2. See source distribution for detailed\ncopyright notices.\n\nUsage: busybox [function [arguments]...]\n   or: busybox --list\n   or: function [arguments]...\n\nCurrently defined functions:\n\t${applets.join(', ')}\n`,
        );
      }
      return 0;
    }
    const command = shell.commands.get(name);
    if (!command || (!command.folder && !both.has(name)) || foreign.has(name)) {
      err(`${name}: applet not found\n`);
      return 127;
    }
    return Promise.resolve(command.run({ ...rest, args: [name, ...more], shell, out, err }));
  },
});

/** Built-ins of the shell that are applets as well. */
const both = new Set(['echo', 'printf', 'test', '[', '[[', 'true', 'false', 'pwd', 'env', 'printenv']);
/** Programs of the machine that are not a part of BusyBox. */
const foreign = new Set(['curl', 'busybox', 'bash']);

function appletNames(commands: ReadonlyMap<string, ShellCommand>): string[] {
  return [...commands]
    .filter(([name, { folder }]) => (folder !== null || both.has(name)) && !foreign.has(name))
    .map(([name]) => name)
    .sort();
}
