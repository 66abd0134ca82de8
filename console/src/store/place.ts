import { computed, signal } from '@preact/signals';

/** Where in the console we are. The address bar is the only memory of filters, so that a view can be sent to a colleague. */
export const place = signal({ path: location.pathname, query: new URLSearchParams(location.search) });

addEventListener('popstate', read);

function read(): void {
  place.value = { path: location.pathname, query: new URLSearchParams(location.search) };
}

/** Goes to another view. */
export function go(to: string): void {
  history.pushState(null, '', to);
  read();
  scrollTo(0, 0);
}

/** A filter of this view, kept in the address. `fallback` is left out of it. */
export function param(name: string, fallback = '') {
  const value = computed(() => place.value.query.get(name) ?? fallback);
  return {
    get value(): string {
      return value.value;
    },
    set value(to: string) {
      const query = new URLSearchParams(location.search);
      if (to === fallback) query.delete(name);
      else query.set(name, to);
      const text = query.toString();
      history.replaceState(null, '', location.pathname + (text ? `?${text}` : ''));
      read();
    },
  };
}

/** The parts of the path, decoded. */
export const steps = computed(() =>
  place.value.path
    .split('/')
    .filter(Boolean)
    .map((part) => {
      try {
        return decodeURIComponent(part);
      } catch {
        return part;
      }
    }),
);
