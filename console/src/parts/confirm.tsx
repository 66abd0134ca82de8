import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { FormEnd } from './form-end.tsx';

/** Asks for a reason before something is done that others will want to understand: it goes to the audit. */
export function Confirm({
  title,
  children,
  action,
  danger = false,
  onConfirm,
  onClose,
}: {
  title: string;
  children?: ComponentChildren;
  action: string;
  danger?: boolean;
  onConfirm: (reason: string) => Promise<void>;
  onClose: () => void;
}) {
  const box = useRef<HTMLDialogElement>(null);
  const [reason, setReason] = useState('');
  const [fault, setFault] = useState('');
  const [busy, setBusy] = useState(false);
  const id = useId();
  useEffect(() => box.current?.showModal(), []);

  async function submit(e: SubmitEvent): Promise<void> {
    e.preventDefault();
    setBusy(true);
    setFault('');
    try {
      await onConfirm(reason.trim());
      onClose();
    } catch (error) {
      setFault((error as Error).message);
      setBusy(false);
    }
  }
  return (
    <dialog ref={box} class="confirm" aria-labelledby={`${id}-t`} onClose={onClose}>
      <form onSubmit={(e) => void submit(e)}>
        <h2 id={`${id}-t`}>{title}</h2>
        {children}
        <label>
          Reason <span class="dim">(kept in the audit)</span>
          <input
            name="reason"
            required
            maxLength={512}
            autocomplete="off"
            value={reason}
            onInput={(e) => setReason(e.currentTarget.value)}
          />
        </label>
        <FormEnd fault={fault} danger={danger} disabled={busy || reason.trim() === ''} onClose={onClose}>
          {busy ? 'Working …' : action}
        </FormEnd>
      </form>
    </dialog>
  );
}
