import { useAsked } from '../api/asked.js';
import { PositionsDocument } from '../api/operations.gen.js';
import { useWords } from '../messages/language.js';
import { useNews } from '../news/pulse.js';
import { PoolLabel } from '../shown/PoolTable.js';
import { sidesOf } from '../shown/pool-sides.js';
import { Amount } from '../ui/Amount.js';
import { Finality } from '../ui/Finality.js';
import { Link } from '../ui/Link.js';

const POSITIONS_MAX = 100;

/** An address's shares of pools, at what removing them now would pay. */
export function Positions({ address }: { readonly address: string }) {
  const { people: words } = useWords();
  const { data } = useAsked({
    document: PositionsDocument,
    variables: { address, first: POSITIONS_MAX },
    version: useNews(),
  });
  const edges = data?.portfolio.positions.edges ?? [];
  if (edges.length === 0) return null;
  return (
    <section aria-labelledby="positions" className="block">
      <h2 id="positions">{words.positions}</h2>
      <ul className="cards">
        {edges.map(({ node }) => {
          if (!node.pool) return null;
          const [a, b] = sidesOf(node.pool);
          return (
            <li key={node.poolId}>
              <Link className="card" to={`/pools/${node.poolId}`}>
                <span className="card-head">
                  <PoolLabel pool={node.pool} />
                  <Finality finality={node.finality} isShort />
                </span>
                <span className="card-foot">
                  <Amount baseUnits={node.worthA} decimals={a.decimals} symbol={a.symbol} />
                  <Amount baseUnits={node.worthB} decimals={b.decimals} symbol={b.symbol} />
                </span>
              </Link>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
