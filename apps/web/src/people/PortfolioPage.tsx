import { session } from '../api/session.js';
import { useStore } from '../browser/store.js';
import { useWords } from '../messages/language.js';
import { CopyId } from '../ui/Copy.js';
import { PageHead } from '../ui/parts.js';
import { ConnectFirst } from './ConnectFirst.js';
import { Holdings } from './Holdings.js';
import { Positions } from './Positions.js';

/** What who is signed in has and provides. */
export default function PortfolioPage() {
  const who = useStore(session);
  const { people: words } = useWords();
  if (who === null) return <ConnectFirst title={words.connectTitle} about={words.connectAbout} />;
  return (
    <>
      <PageHead title={words.portfolio} about={words.portfolioAbout}>
        <CopyId value={who.address} what={words.address} />
      </PageHead>
      <Holdings address={who.address} showsProfit />
      <Positions address={who.address} />
    </>
  );
}
