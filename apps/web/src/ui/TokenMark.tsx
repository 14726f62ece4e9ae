/** What stands for a token until it has a picture: made of its address, so that two of the same symbol look different. */
export function TokenMark({
  address,
  symbol,
  size = 28,
}: {
  readonly address: string;
  readonly symbol: string;
  readonly size?: number;
}) {
  const { angle, first, second } = coloursOf(address);
  const id = `mark-${address.slice(2, 14)}-${size}`;
  return (
    <svg className="token-mark" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <defs>
        <linearGradient id={id} gradientTransform={`rotate(${angle} 0.5 0.5)`}>
          <stop offset="0" stopColor={first} />
          <stop offset="1" stopColor={second} />
        </linearGradient>
      </defs>
      <circle cx="16" cy="16" r="16" fill={`url(#${id})`} />
      <text
        x="16"
        y="16"
        fill="#fff"
        fontSize={symbol.length > 3 ? 9 : 11}
        fontWeight="700"
        textAnchor="middle"
        dominantBaseline="central"
      >
        {[...symbol].slice(0, 4).join('')}
      </text>
    </svg>
  );
}

/** Dark enough for white letters on them. */
function coloursOf(address: string): { first: string; second: string; angle: number } {
  const part = (from: number): number => Number.parseInt(address.slice(from, from + 4), 16) || 0;
  const hue = part(2) % 360;
  const other = (hue + 35 + (part(6) % 80)) % 360;
  return { first: `hsl(${hue} 62% 40%)`, second: `hsl(${other} 68% 31%)`, angle: part(10) % 360 };
}
