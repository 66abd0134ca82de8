import { useEffect, useRef, useState } from 'preact/hooks';
import { send, who } from '../api.ts';
import { FormEnd } from './form-end.tsx';

const day = 86_400_000;

/** Adds an entry: owner, reason and expiry are not optional, or nobody dares to remove it later. */
export function AddEntry({ onAdded }: { onAdded: () => void }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" class="right" onClick={() => setOpen(true)}>
        Add an entry …
      </button>
      {open && (
        <Form
          onClose={() => setOpen(false)}
          onAdded={() => {
            setOpen(false);
            onAdded();
          }}
        />
      )}
    </>
  );
}

function Form({ onClose, onAdded }: { onClose: () => void; onAdded: () => void }) {
  const box = useRef<HTMLDialogElement>(null);
  const [fault, setFault] = useState('');
  useEffect(() => box.current?.showModal(), []);

  async function submit(e: SubmitEvent): Promise<void> {
    e.preventDefault();
    const form = new FormData(e.currentTarget as HTMLFormElement);
    const text = (name: string) => String(form.get(name) ?? '').trim();
    setFault('');
    try {
      await send('POST', '/never-block', {
        block: text('block'),
        level: text('level'),
        owner: text('owner'),
        reason: text('reason'),
        expires: Date.now() + Number(text('days')) * day,
      });
      onAdded();
    } catch (error) {
      setFault((error as Error).message);
    }
  }
  return (
    <dialog ref={box} class="confirm" aria-label="Add to the never-block list" onClose={onClose}>
      <form onSubmit={(e) => void submit(e)}>
        <h2>Never deny</h2>
        <label>
          Address or block
          <input name="block" required maxLength={64} spellcheck={false} placeholder="192.0.2.0/24" />
        </label>
        <label>
          Level
          <select name="level">
            <option value="hard">never denied</option>
            <option value="caution">denied with care</option>
          </select>
        </label>
        <label>
          Owner
          <input name="owner" required maxLength={128} defaultValue={who.peek() ?? ''} />
        </label>
        <label>
          Reason
          <input name="reason" required maxLength={512} autocomplete="off" />
        </label>
        <label>
          Days until it expires
          <input name="days" type="number" min={1} max={3_650} defaultValue="90" required />
        </label>
        <FormEnd fault={fault} onClose={onClose}>
          Add
        </FormEnd>
      </form>
    </dialog>
  );
}
