import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { ListEntry, NeverBlockVerdict } from '../answers.ts';
import { ask, send } from '../api.ts';
import { useLoad } from '../store/load.ts';
import { absolute } from '../words.ts';
import { Hostile } from './hostile.tsx';
import { AddEntry } from './never-block-add.tsx';
import { Await } from './notice.tsx';
import { Verdict } from './verdict.tsx';

/** Entries beyond this year never expire: they are built in. */
const foreverYear = 9_000;

/** What is never denied: look an address up, read the list, add to it, take from it. */
export function NeverBlock() {
  const list = useLoad<ListEntry[]>(() => '/never-block', { everyMs: 30_000 });
  const [fault, setFault] = useState('');
  const [removing, setRemoving] = useState('');

  async function remove(block: string): Promise<void> {
    setFault('');
    try {
      await send('DELETE', '/never-block', { block });
      await list.reload();
    } catch (error) {
      setFault((error as Error).message);
    }
    setRemoving('');
  }
  return (
    <div class="inset">
      <div class="bar flush">
        <Check />
        <AddEntry onAdded={() => void list.reload()} />
      </div>
      {fault && (
        <p class="notice fault" role="alert">
          {fault}
        </p>
      )}
      <Await of={list} what="the list">
        {(entries) => {
          const own = entries.filter((one) => !builtIn(one));
          const rest = entries.filter(builtIn);
          return (
            <>
              {own.length === 0 && <p class="notice">You have added nothing yet.</p>}
              <EntryRows
                list={own}
                action={(entry) =>
                  removing === entry.block ? (
                    <button type="button" class="danger" onClick={() => void remove(entry.block)}>
                      Really remove
                    </button>
                  ) : (
                    <button type="button" class="quiet" onClick={() => setRemoving(entry.block)}>
                      Remove
                    </button>
                  )
                }
              />
              <details class="rest">
                <summary>{rest.length} built-in entries</summary>
                <EntryRows list={rest} />
              </details>
            </>
          );
        }}
      </Await>
    </div>
  );
}

function Check() {
  const [source, setSource] = useState('');
  const [answer, setAnswer] = useState<NeverBlockVerdict | string | null>(null);

  async function look(e: SubmitEvent): Promise<void> {
    e.preventDefault();
    const path = encodeURIComponent(source.trim().replace('/', '_'));
    setAnswer(
      await ask<NeverBlockVerdict>(`/never-block/check/${path}`).catch((error: Error) => error.message),
    );
  }
  return (
    <form class="check" onSubmit={(e) => void look(e)}>
      <input
        aria-label="Address or block to look up"
        placeholder="May this be denied?"
        required
        maxLength={64}
        spellcheck={false}
        value={source}
        onInput={(e) => {
          setSource(e.currentTarget.value);
          setAnswer(null);
        }}
      />
      <button type="submit">Look up</button>
      <span aria-live="polite">
        {typeof answer === 'string' ? <span class="bad">{answer}</span> : answer && <Verdict of={answer} />}
      </span>
    </form>
  );
}

function EntryRows({
  list,
  action,
}: {
  list: readonly ListEntry[];
  action?: (entry: ListEntry) => ComponentChildren;
}) {
  if (list.length === 0) return null;
  return (
    <table class="rows">
      <thead>
        <tr>
          <th scope="col">Address or block</th>
          <th scope="col">Level</th>
          <th scope="col">Owner</th>
          <th scope="col">Reason</th>
          <th scope="col">Expires</th>
          {action && <th scope="col">Edit</th>}
        </tr>
      </thead>
      <tbody>
        {list.map((entry) => (
          <tr key={`${entry.block} ${entry.level} ${entry.reason}`}>
            <td class="mono">{entry.block}</td>
            <td>{entry.level === 'hard' ? 'never' : `with care (${entry.most})`}</td>
            <td>
              <Hostile text={entry.owner} limit={60} />
            </td>
            <td class="wide">
              <Hostile text={entry.reason} limit={160} />
            </td>
            <td class="dim">
              {new Date(entry.expires).getUTCFullYear() > foreverYear
                ? 'never'
                : absolute(entry.expires).slice(0, 10)}
            </td>
            {action && <td>{action(entry)}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function builtIn(entry: ListEntry): boolean {
  return new Date(entry.expires).getUTCFullYear() > foreverYear;
}
