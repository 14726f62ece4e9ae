import { useStore } from '../browser/store.js';
import { useWords } from '../messages/language.js';
import { pulse } from '../news/pulse.js';
import { Copy, CopyId } from '../ui/Copy.js';
import { Link } from '../ui/Link.js';
import { PageHead } from '../ui/parts.js';

const QUERY = `curl -s ORIGIN/graphql \\
  -H 'content-type: application/json' \\
  -d '{"query":"{ tokens(first: 5, sort: VOLUME) { edges { node { symbol analytics { price { value } } finality { status } } } } }"}'`;
const COMMAND = `curl -s ORIGIN/graphql \\
  -H 'content-type: application/json' -H "authorization: Bearer $KEY" \\
  -d '{"query":"mutation ($input: SwapInput!) { swap(input: $input) { commandId transaction { to data value } } }", "variables": {"input": {}}}'`;
const FOLLOW = `subscription { swaps { cursor finality { status } swaps { id amountIn amountOut } retraction { fromBlock toBlock } } }`;

/** How programs ask, follow and act: the same API that these pages are made of. */
export default function DevelopersPage() {
  const { developers: words } = useWords();
  const { meta } = useStore(pulse);
  const own = (text: string): string => text.replace('ORIGIN', location.origin);
  const examples = [
    [words.query, words.queryAbout, own(QUERY)],
    [words.command, words.commandAbout, own(COMMAND)],
    [words.follow, words.followAbout, FOLLOW],
  ] as const;
  return (
    <>
      <PageHead title={words.title} about={words.about}>
        <a className="button main" href="/graphql">
          {words.explorer}
        </a>
        <Link className="button" to="/profile">
          {words.keys}
        </Link>
      </PageHead>
      <div className="columns two">
        {examples.map(([name, about, text]) => (
          <section key={name} className="panel padded">
            <div className="section-head">
              <h2>{name}</h2>
              <Copy value={text} what={name} />
            </div>
            <p className="quiet">{about}</p>
            <pre className="payload" tabIndex={0}>
              {text}
            </pre>
          </section>
        ))}
        <section className="panel padded">
          <h2>{words.contracts}</h2>
          <dl className="lines">
            <div>
              <dt>{words.chain}</dt>
              <dd>{meta?.chainId ?? '—'}</dd>
            </div>
            {meta === null
              ? null
              : (
                  [
                    [words.factory, meta.contracts.tokenFactory],
                    [words.manager, meta.contracts.liquidityManager],
                  ] as const
                ).map(([name, address]) => (
                  <div key={name}>
                    <dt>{name}</dt>
                    <dd>
                      <CopyId value={address} what={name} />
                    </dd>
                  </div>
                ))}
          </dl>
        </section>
      </div>
    </>
  );
}
