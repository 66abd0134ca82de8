import { useSignalEffect } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { who } from './api.ts';
import { onKey } from './keys.ts';
import { Banners } from './parts/banners.tsx';
import { Header } from './parts/header.tsx';
import { Empty } from './parts/notice.tsx';
import { connect, disconnect } from './store/live.ts';
import { steps } from './store/place.ts';
import { enter } from './store/session.ts';
import { refreshStatus } from './store/status.ts';
import { ActorView } from './views/actor.tsx';
import { Actors } from './views/actors.tsx';
import { ClientsView } from './views/clients.tsx';
import { DecisionView } from './views/decision.tsx';
import { Decisions } from './views/decisions.tsx';
import { DomainView } from './views/domain.tsx';
import { Domains } from './views/domains.tsx';
import { FindingView } from './views/finding.tsx';
import { Findings } from './views/findings.tsx';
import { Live } from './views/live.tsx';
import { SessionView } from './views/session.tsx';
import { SignIn } from './views/sign-in.tsx';
import { SourceView } from './views/source.tsx';
import { Sources } from './views/sources.tsx';
import { System } from './views/system.tsx';

/** The console: a sign-in, then one view under one header. */
export function App() {
  const [fault, setFault] = useState<string | null>(null);
  useEffect(() => {
    void enter().then(setFault);
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  useSignalEffect(() => {
    if (who.value) {
      connect();
      void refreshStatus();
    } else disconnect();
  });
  if (who.value === undefined) return <p class="notice">Signing in …</p>;
  if (who.value === null) return <SignIn fault={fault} />;
  return (
    <>
      <Header />
      <Banners />
      <main id="main">
        <View />
      </main>
    </>
  );
}

function View() {
  const [name = '', id, group] = steps.value;
  document.title = [group, id, name || 'live', 'Caltrop'].filter(Boolean).join(' · ');
  if (name === '') return <Live />;
  if (name === 'sources') return id ? <SourceView key={id} ip={id} /> : <Sources />;
  if (name === 'actors') return id ? <ActorView key={id} id={id} /> : <Actors />;
  if (name === 'sessions' && id) return <SessionView key={id} id={id} />;
  if (name === 'decisions') return id ? <DecisionView key={id} id={id} /> : <Decisions />;
  if (name === 'findings') return id ? <FindingView key={id} id={id} /> : <Findings />;
  if (name === 'domains' && id === 'clients' && group) return <ClientsView key={group} group={group} />;
  if (name === 'domains') return id ? <DomainView key={id} name={id} /> : <Domains />;
  if (name === 'system') return <System />;
  return <Empty>There is no such view.</Empty>;
}
