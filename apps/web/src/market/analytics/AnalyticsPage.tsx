import { useMemo } from 'react';
import { useAsked } from '../../api/asked.js';
import { AnalyticsDocument, type AnalyticsQuery, FeesDocument } from '../../api/operations.gen.js';
import { useStore } from '../../browser/store.js';
import { exactAmount } from '../../format/amounts.js';
import { useNumbers, useWords } from '../../messages/language.js';
import { pulse, serverNow, useNews } from '../../news/pulse.js';
import { Finality } from '../../ui/Finality.js';
import { PageHead } from '../../ui/parts.js';
import { Skeleton } from '../../ui/Skeleton.js';
import { DayBars } from './DayBars.js';

const DAY_MS = 86_400_000;
const DAYS = 60;
type Day = AnalyticsQuery['platform']['days'][number];
const SHOWN = ['swaps', 'activeUsers', 'newUsers', 'tokens', 'pools', 'liquidityChanges'] as const;

/** The platform's totals, and what happened on each day. */
export default function AnalyticsPage() {
  const { analytics: words } = useWords();
  const numbers = useNumbers();
  const day = Math.floor(serverNow(useStore(pulse).meta) / DAY_MS);
  const variables = useMemo(
    () => ({
      from: new Date((day - DAYS + 1) * DAY_MS).toISOString(),
      to: new Date((day + 1) * DAY_MS).toISOString(),
    }),
    [day],
  );
  const { data } = useAsked({ document: AnalyticsDocument, variables, version: useNews() });
  const { data: fees } = useAsked({ document: FeesDocument, variables: {}, version: '' });
  if (data === undefined) return <Skeleton label={words.title} rows={6} height={120} />;
  const { days, pools, tokens, users } = data.platform;
  return (
    <>
      <PageHead title={words.title} about={words.about} />
      <ul className="figures">
        {(
          [
            [words.tokens, numbers.exact(String(tokens))],
            [words.pools, numbers.exact(String(pools))],
            [words.users, numbers.exact(String(users))],
            [
              words.swapFee,
              fees === undefined ? '—' : `${numbers.compact(String(fees.fees.swapFeeBps / 100))} %`,
            ],
            [
              words.creationFee,
              fees === undefined ? '—' : `${numbers.exact(exactAmount(fees.fees.tokenCreationFee, 18))} ETH`,
            ],
          ] as const
        ).map(([name, value]) => (
          <li key={name}>
            <span>{name}</span>
            <strong>{value}</strong>
          </li>
        ))}
      </ul>
      {fees === undefined ? null : (
        <p className="quiet">
          {words.feesAre} <Finality finality={fees.fees.finality} />
        </p>
      )}
      <div className="columns two">
        {SHOWN.map((name) => (
          <DayBars
            key={name}
            title={words.series[name]}
            days={days.map((one: Day) => ({ day: one.day, value: one[name] }))}
          />
        ))}
      </div>
    </>
  );
}
