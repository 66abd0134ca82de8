import type { ComponentChildren } from 'preact';
import type { Loaded } from '../store/load.ts';

/** Something went wrong, in the API's own words. */
export function Fault({ text, retry }: { text: string; retry?: () => void }) {
  return (
    <p class="notice fault" role="alert">
      {text}{' '}
      {retry && (
        <button type="button" onClick={retry}>
          Try again
        </button>
      )}
    </p>
  );
}

/** What was loaded; before that, or where it failed, the words for it. */
export function Await<T>({
  of,
  what,
  children,
}: {
  of: Loaded<T>;
  what: string;
  children: (data: T) => ComponentChildren;
}) {
  const data = of.data.value;
  const fault = of.fault.value;
  return (
    <>
      {fault && <Fault text={fault} retry={() => void of.reload()} />}
      {data === null ? !fault && <p class="notice">Loading {what} …</p> : children(data)}
    </>
  );
}

export function Empty({ children }: { children: ComponentChildren }) {
  return <p class="notice empty">{children}</p>;
}
