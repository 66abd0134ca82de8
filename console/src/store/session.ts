import { ask, send, who } from '../api.ts';

/** Signs in with a token, which the server turns into a cookie that scripts cannot read. */
export async function signIn(token: string): Promise<void> {
  const { name } = await send<{ name: string }>('POST', '/session', { token: token.trim() });
  who.value = name;
}

/** Ends the session, and with the page everything that was read in it. */
export async function signOut(): Promise<void> {
  await ask('/session', { method: 'DELETE' }).catch(() => {});
  location.assign('/');
}

/** Signs in by the token in the address, which goes from the address bar at once, or finds the session of before. Resolves with what failed. */
export async function enter(): Promise<string | null> {
  const token = /^#token=(.+)$/.exec(location.hash)?.[1];
  if (token) {
    history.replaceState(null, '', location.pathname + location.search);
    try {
      await signIn(decodeURIComponent(token));
      return null;
    } catch (error) {
      if (await signedIn()) return null;
      return (error as Error).message;
    }
  }
  await signedIn();
  return null;
}

async function signedIn(): Promise<boolean> {
  try {
    who.value = (await ask<{ name: string }>('/session')).name;
    return true;
  } catch {
    who.value = null;
    return false;
  }
}
