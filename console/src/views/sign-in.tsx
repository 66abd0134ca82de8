import { useState } from 'preact/hooks';
import { signIn } from '../store/session.ts';

/** Sign-in by token. There is no password, and no default. */
export function SignIn({ fault: first }: { fault: string | null }) {
  const [token, setToken] = useState('');
  const [fault, setFault] = useState(first);
  const [busy, setBusy] = useState(false);

  async function submit(e: SubmitEvent): Promise<void> {
    e.preventDefault();
    setBusy(true);
    setFault(null);
    try {
      await signIn(token);
    } catch (error) {
      setFault((error as Error).message);
      setBusy(false);
    }
  }
  const shown = fault ?? first;
  return (
    <main class="sign-in">
      <form onSubmit={(e) => void submit(e)}>
        <h1>
          <svg viewBox="0 0 32 32" aria-hidden="true">
            <path d="M16 3v12M16 16 5 26M16 16l11 10M16 16l8-7" />
            <circle cx="16" cy="16" r="3.4" />
          </svg>
          Caltrop
        </h1>
        <label>
          Token
          <input
            type="password"
            name="token"
            required
            maxLength={256}
            autocomplete="current-password"
            spellcheck={false}
            value={token}
            onInput={(e) => setToken(e.currentTarget.value)}
          />
        </label>
        {shown && (
          <p class="notice fault" role="alert">
            {shown}
          </p>
        )}
        <button type="submit" class="primary" disabled={busy || token.trim() === ''}>
          {busy ? 'Signing in …' : 'Sign in'}
        </button>
        <p class="dim">
          The address that <code>caltrop up</code> prints signs in once. On the machine itself,{' '}
          <code>caltrop token NAME</code> makes another token.
        </p>
      </form>
    </main>
  );
}
