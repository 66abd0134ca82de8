import { defineExport } from './export.ts';

/** One name a line, after a remark that says how many and of when. */
export const plain = defineExport({
  name: 'plain',
  summary: 'one name a line',

  *write(names, { time }) {
    yield `# ${names.length} names, ${new Date(time).toISOString()}\n`;
    for (const name of names) yield `${name}\n`;
  },
});
