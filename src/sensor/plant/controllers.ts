/** Controllers that exist, with a firmware that they were sold with (Siemens' product notes). */
export const controllers = [
  { order: '6ES7 315-2EH14-0AB0', type: 'CPU 315-2 PN/DP', firmware: '3.2.14' },
  { order: '6ES7 317-2EK14-0AB0', type: 'CPU 317-2 PN/DP', firmware: '3.2.14' },
  { order: '6ES7 314-6EH04-0AB0', type: 'CPU 314C-2 PN/DP', firmware: '3.3.12' },
  { order: '6ES7 319-3EL01-0AB0', type: 'CPU 319-3 PN/DP', firmware: '3.2.10' },
] as const;

/** What a machine of that order number is called; the first where it is no such. */
export function controllerOf(model: string): { order: string; type: string; firmware: string } {
  return controllers.find(({ order }) => order === model) ?? controllers[0];
}
