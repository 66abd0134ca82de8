import type { Finding } from '../answers.ts';
import { FindingRows } from '../parts/finding-rows.tsx';
import { Await, Empty } from '../parts/notice.tsx';
import { Choice, Search } from '../parts/search.tsx';
import { found } from '../store/live.ts';
import { useLoad } from '../store/load.ts';
import { param } from '../store/place.ts';

const least = param('severity', 'low');
const filter = param('q');
const most = 500;
const severities = ['low', 'medium', 'high', 'critical'];

const options = [
  ['low', 'All'],
  ['medium', 'Medium +'],
  ['high', 'High +'],
  ['critical', 'Critical'],
] as const;

/** What a person should read. */
export function Findings() {
  const list = useLoad<Finding[]>(() => `/findings?limit=${most}`, { everyMs: 10_000, news: found });
  const words = filter.value.toLowerCase();
  const wanted = (one: Finding) =>
    severities.indexOf(one.severity) >= severities.indexOf(least.value) &&
    `${one.title} ${one.type} ${one.evidence} ${one.attack.join(' ')} ${one.done} ${one.whyNot}`
      .toLowerCase()
      .includes(words);
  return (
    <section class="page" aria-label="Findings">
      <div class="bar">
        <h1>Findings</h1>
        <Search label="Filter" value={filter.value} onChange={(text) => (filter.value = text)} />
        <Choice
          label="Severity"
          value={least.value}
          options={options}
          onChange={(to) => (least.value = to)}
        />
      </div>
      <Await of={list} what="the findings">
        {(all) => {
          const shown = all.filter(wanted);
          return shown.length === 0 ? (
            <Empty>{all.length === 0 ? 'No findings yet.' : 'Nothing matches.'}</Empty>
          ) : (
            <div class="scroll">
              <FindingRows list={shown} />
              {all.length >= most && <p class="notice dim">These are the latest {most}.</p>}
            </div>
          );
        }}
      </Await>
    </section>
  );
}
