import type { ComponentChildren } from 'preact';
import { go } from '../store/place.ts';
import { countryName } from '../words.ts';

interface LinkProps {
  to: string;
  children: ComponentChildren;
  class?: string;
  title?: string;
  'aria-label'?: string;
  'aria-current'?: 'page';
  'data-row'?: boolean;
}

/** A link to another view: an ordinary link, followed without loading the page anew. */
export function Link({ to, children, ...rest }: LinkProps) {
  return (
    <a
      {...rest}
      href={to}
      onClick={(e) => {
        if (e.metaKey || e.ctrlKey || e.shiftKey || e.altKey || e.button !== 0) return;
        e.preventDefault();
        go(to);
      }}
    >
      {children}
    </a>
  );
}

export const toSource = (ip: string) => `/sources/${encodeURIComponent(ip)}`;
export const toDecision = (id: string) => `/decisions/${id}`;
export const toActor = (id: string) => `/actors/${id}`;
export const toSession = (id: string) => `/sessions/${id}`;
export const toDomain = (name: string) => `/domains/${encodeURIComponent(name)}`;
export const toClients = (group: string) => `/domains/clients/${encodeURIComponent(group)}`;
export const toFinding = (id: string) => `/findings/${id}`;

/** An address, with its country where it is known. */
export function SourceLink({ ip, country }: { ip: string; country?: string | undefined }) {
  return (
    <span class="who">
      {country !== undefined && <Country code={country} />}
      <Link to={toSource(ip.replace(/\/\d+$/, ''))} class="ip" data-row>
        {ip}
      </Link>
    </span>
  );
}

function Country({ code }: { code: string }) {
  if (!code) return <span class="cc none" title="No country is known of this address" />;
  return (
    <span class="cc" title={`Registered in ${countryName(code)}`}>
      {code}
    </span>
  );
}
