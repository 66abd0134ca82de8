import type { ComponentChildren } from 'preact';
import { Fault } from './notice.tsx';

/** How a dialog's form ends: what went wrong, the way out, and the deed itself. */
export function FormEnd({
  fault,
  children,
  danger = false,
  disabled = false,
  onClose,
}: {
  fault: string;
  /** What the deed's button says. */
  children: ComponentChildren;
  danger?: boolean;
  disabled?: boolean;
  onClose: () => void;
}) {
  return (
    <>
      {fault && <Fault text={fault} />}
      <div class="buttons">
        <button type="button" onClick={onClose}>
          Cancel
        </button>
        <button type="submit" class={danger ? 'danger' : 'primary'} disabled={disabled}>
          {children}
        </button>
      </div>
    </>
  );
}
