import type { ReactNode } from 'react';

const PATHS = {
  way: <path d="M3 12h4m10 0h4M7 8h10v8H7zM5 5l2 3m10 0 2-3" />,
  projections: <path d="M4 7l8-4 8 4-8 4zM4 12l8 4 8-4M4 17l8 4 8-4" />,
  parked: (
    <path d="M12 8v5m0 3v.01M10.3 3.9 2.4 17.5A2 2 0 0 0 4.1 20.5h15.8a2 2 0 0 0 1.7-3L13.7 3.9a2 2 0 0 0-3.4 0z" />
  ),
  chain: (
    <path d="M9 15l6-6M10.5 6.5l1.6-1.6a4.6 4.6 0 0 1 6.5 6.5L17 13m-3.5 4.5-1.6 1.6a4.6 4.6 0 0 1-6.5-6.5L7 11" />
  ),
  log: <path d="M5 4h14M5 9h14M5 14h9M5 19h6" />,
  acts: <path d="M12 3l8 3v6c0 4.5-3.3 7.7-8 9-4.7-1.3-8-4.5-8-9V6zM8.5 12l2.5 2.5 4.5-5" />,
  sun: (
    <path d="M12 4V2m0 20v-2m8-8h2M2 12h2m13.7-5.7 1.4-1.4M4.9 19.1l1.4-1.4m0-11.4L4.9 4.9m14.2 14.2-1.4-1.4M16 12a4 4 0 1 1-8 0 4 4 0 0 1 8 0z" />
  ),
  moon: <path d="M20 14.5A8 8 0 0 1 9.5 4a8 8 0 1 0 10.5 10.5z" />,
  system: <path d="M4 5h16v11H4zM9 20h6m-3-4v4" />,
  out: <path d="M14 4h5v16h-5M10 8l-4 4 4 4m-4-4h10" />,
  keys: <path d="M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M8 14h8" />,
  arrow: <path d="M5 12h14m-5-5 5 5-5 5" />,
  close: <path d="M6 6l12 12M18 6 6 18" />,
  check: <path d="M5 12.5l4.5 4.5L19 7.5" />,
  wallet: (
    <path d="M4 7.5A2.5 2.5 0 0 1 6.5 5H18v3M4 7.5V17a2 2 0 0 0 2 2h14V8H6.5A2.5 2.5 0 0 1 4 7.5zM16.5 13.5h.01" />
  ),
  home: <path d="M4 11l8-7 8 7v8a1 1 0 0 1-1 1h-4v-6H9v6H5a1 1 0 0 1-1-1z" />,
  tokens: (
    <path d="M12 4c4.4 0 8 1.6 8 3.5S16.4 11 12 11 4 9.4 4 7.5 7.6 4 12 4zM4 7.5v9C4 18.4 7.6 20 12 20s8-1.6 8-3.5v-9M4 12c0 1.9 3.6 3.5 8 3.5s8-1.6 8-3.5" />
  ),
  trade: <path d="M7 4v14m0 0-3-3m3 3 3-3M17 20V6m0 0-3 3m3-3 3 3" />,
  create: <path d="M12 5v14M5 12h14" />,
  portfolio: <path d="M12 3v9l7.5 4.5A9 9 0 1 1 12 3zM15 3.5A9 9 0 0 1 20.5 9H15z" />,
  vote: <path d="M5 11h14l1 9H4zM9 7l3-4 3 4-3 4z" />,
  chart: <path d="M4 20V4M4 20h16M8 16v-5m4 5V7m4 9v-7" />,
  code: <path d="M8 7l-5 5 5 5M16 7l5 5-5 5M13.5 4l-3 16" />,
  pools: <path d="M3 8c3-3 6 3 9 0s6 3 9 0M3 13c3-3 6 3 9 0s6 3 9 0M3 18c3-3 6 3 9 0s6 3 9 0" />,
  person: <path d="M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5a7.5 7.5 0 0 1 15 0" />,
  search: <path d="M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l4.5 4.5" />,
  copy: <path d="M9 9h11v11H9zM5 15H4V4h11v1" />,
  outside: <path d="M14 4h6v6M20 4l-9 9M18 14v6H4V6h6" />,
  more: <path d="M4 7h16M4 12h16M4 17h16" />,
  globe: (
    <path d="M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM3 12h18M12 3c-5 5.5-5 12.5 0 18 5-5.5 5-12.5 0-18z" />
  ),
  shield: <path d="M12 3l8 3v6c0 4.5-3.3 7.7-8 9-4.7-1.3-8-4.5-8-9V6z" />,
  audit: <path d="M12 4v5M6 15v-3h12v3M12 9v3M4 15h4v5H4zM10 15h4v5h-4zM16 15h4v5h-4zM10 4h4" />,
  clock: <path d="M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.5 2" />,
  down: <path d="M6 9l6 6 6-6" />,
  filter: <path d="M4 5h16l-6 8v6l-4-2v-4z" />,
} as const satisfies Record<string, ReactNode>;

export type IconName = keyof typeof PATHS;

/** Says nothing by itself: words stand beside it. */
export function Icon({ name, size = 18 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      className="icon"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.7"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {PATHS[name]}
    </svg>
  );
}
