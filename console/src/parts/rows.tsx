import type { ComponentChildren } from 'preact';

/** A column: its head, what stands in it for one item, and how it looks. False where it is left out. */
export type Column<Item> =
  | false
  | { head: string; cell: (item: Item) => ComponentChildren; class?: string; headClass?: string };

/** A table of like things, a row each. */
export function Rows<Item>({
  list,
  keyOf,
  columns,
  class: kind = '',
}: {
  list: readonly Item[];
  keyOf(item: Item): string;
  columns: readonly Column<Item>[];
  class?: string;
}) {
  const shown = columns.filter((one) => one !== false);
  return (
    <table class={`rows ${kind}`.trim()}>
      <thead>
        <tr>
          {shown.map(({ head, headClass }) => (
            <th key={head} scope="col" class={headClass}>
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {list.map((item) => (
          <tr key={keyOf(item)}>
            {shown.map(({ head, cell, class: look }) => (
              <td key={head} class={look}>
                {cell(item)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
