import { Hostile } from './hostile.tsx';

/** The bytes that an event was read from, one character a byte, escaped. Drawn once it is opened. */
export function Raw({ text }: { text: string }) {
  return (
    <pre class="raw">
      <Hostile text={text} limit={2_000} lines />
    </pre>
  );
}
