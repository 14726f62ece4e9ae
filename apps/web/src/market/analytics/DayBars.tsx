import { useLanguage, useNumbers } from '../../messages/language.js';

const [WIDTH, HEIGHT] = [600, 140];

/** One number a day, as bars, and as a table for who does not see them. */
export function DayBars(props: {
  readonly title: string;
  readonly days: readonly { readonly day: string; readonly value: number }[];
}) {
  const { days, title } = props;
  const numbers = useNumbers();
  const date = new Intl.DateTimeFormat(useLanguage(), { day: 'numeric', month: 'short', timeZone: 'UTC' });
  const most = Math.max(1, ...days.map(({ value }) => value));
  const step = WIDTH / Math.max(1, days.length);
  const total = days.reduce((sum, { value }) => sum + value, 0);
  const [first, last] = [days[0], days.at(-1)];
  const shown = (value: number): string => numbers.exact(String(value));
  return (
    <section className="panel padded">
      <div className="section-head">
        <h2>{title}</h2>
        <strong className="number">{shown(total)}</strong>
      </div>
      <svg className="bars" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        {days.map(({ day, value }, index) => {
          const height = (value / most) * (HEIGHT - 4);
          return (
            <rect
              key={day}
              x={index * step + step * 0.12}
              y={HEIGHT - Math.max(height, value > 0 ? 2 : 0.6)}
              width={step * 0.76}
              height={Math.max(height, value > 0 ? 2 : 0.6)}
              rx="1.5"
            >
              <title>{`${date.format(Date.parse(day))}: ${shown(value)}`}</title>
            </rect>
          );
        })}
      </svg>
      <p className="bars-ends" aria-hidden="true">
        <span>{first === undefined ? '' : date.format(Date.parse(first.day))}</span>
        <span>{last === undefined ? '' : date.format(Date.parse(last.day))}</span>
      </p>
      <table className="unseen">
        <caption>{title}</caption>
        <tbody>
          {days
            .filter(({ value }) => value > 0)
            .map(({ day, value }) => (
              <tr key={day}>
                <th scope="row">{date.format(Date.parse(day))}</th>
                <td>{shown(value)}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </section>
  );
}
