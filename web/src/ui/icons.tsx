import type { ReactNode, SVGProps } from 'react';

/** The few icons of the cockpit: paths on a 24 px grid, no library at run time. */
const icon = (name: string, paths: ReactNode) => {
  const Icon = (props: SVGProps<SVGSVGElement>) => (
    <svg
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden
      {...props}
    >
      {paths}
    </svg>
  );
  Icon.displayName = name;
  return Icon;
};

export const ActivityIcon = icon('ActivityIcon', <path d="M3 12h4l3-8 4 16 3-8h4" />);
export const FleetIcon = icon(
  'FleetIcon',
  <>
    <rect x="3" y="3" width="7" height="7" rx="1" />
    <rect x="14" y="3" width="7" height="7" rx="1" />
    <rect x="14" y="14" width="7" height="7" rx="1" />
    <rect x="3" y="14" width="7" height="7" rx="1" />
  </>,
);
export const SystemIcon = icon('SystemIcon', <path d="M4 4h16v12H4zM8 20h8m-4-4v4" />);
export const MoonIcon = icon('MoonIcon', <path d="M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5Z" />);
export const SunIcon = icon(
  'SunIcon',
  <>
    <circle cx="12" cy="12" r="4" />
    <path d="M12 2v2m0 16v2M4.9 4.9l1.4 1.4m11.4 11.4 1.4 1.4M2 12h2m16 0h2M4.9 19.1l1.4-1.4M17.7 6.3l1.4-1.4" />
  </>,
);
export const FoldIcon = icon('FoldIcon', <path d="M4 4h16v16H4zM9 4v16m6-5-3-3 3-3" />);
export const UnfoldIcon = icon('UnfoldIcon', <path d="M4 4h16v16H4zM9 4v16m4-5 3-3-3-3" />);
export const CloseIcon = icon('CloseIcon', <path d="M18 6 6 18M6 6l12 12" />);
export const MoreIcon = icon('MoreIcon', <path d="M12 5v.01M12 12v.01M12 19v.01" strokeWidth="3" />);
export const PlusIcon = icon('PlusIcon', <path d="M5 12h14M12 5v14" />);
export const SearchIcon = icon(
  'SearchIcon',
  <>
    <circle cx="11" cy="11" r="7" />
    <path d="m21 21-4.8-4.8" />
  </>,
);
export const ChevronIcon = icon('ChevronIcon', <path d="m9 18 6-6-6-6" />);
export const StarIcon = icon(
  'StarIcon',
  <path d="m12 3 2.7 5.8 6.3.8-4.6 4.4 1.2 6.3-5.6-3.1-5.6 3.1L7.6 14 3 9.6l6.3-.8Z" />,
);
export const WarningIcon = icon('WarningIcon', <path d="M12 3.5 22 20H2ZM12 10v4m0 3v.01" />);
export const InfoIcon = icon(
  'InfoIcon',
  <>
    <circle cx="12" cy="12" r="9" />
    <path d="M12 16v-5m0-3v.01" />
  </>,
);
export const CopyIcon = icon(
  'CopyIcon',
  <>
    <rect x="9" y="9" width="11" height="11" rx="2" />
    <path d="M5 15H4V4h11v1" />
  </>,
);
export const PauseIcon = icon('PauseIcon', <path d="M8 5v14M16 5v14" />);
export const PlayIcon = icon('PlayIcon', <path d="M7 4v16l13-8Z" />);
export const ArrowUpIcon = icon('ArrowUpIcon', <path d="M12 19V5m-6 6 6-6 6 6" />);
export const MenuIcon = icon('MenuIcon', <path d="M4 7h16M4 12h16M4 17h16" />);
export const ClockIcon = icon(
  'ClockIcon',
  <>
    <circle cx="12" cy="12" r="9" />
    <path d="M12 7v5l3 2" />
  </>,
);
export const ColumnsIcon = icon('ColumnsIcon', <path d="M4 5h16v14H4zM9.3 5v14m5.4-14v14" />);
export const CardsIcon = icon('CardsIcon', <path d="M4 5h7v14H4zm10 0h6v6h-6zm0 9h6v5h-6z" />);
export const GridIcon = icon(
  'GridIcon',
  <path d="M4 4h4v4H4zm6 0h4v4h-4zm6 0h4v4h-4zM4 10h4v4H4zm6 0h4v4h-4zm6 0h4v4h-4zM4 16h4v4H4zm6 0h4v4h-4zm6 0h4v4h-4z" />,
);
export const TableIcon = icon('TableIcon', <path d="M4 5h16v14H4zm0 5h16M4 14.5h16" />);
export const CheckIcon = icon('CheckIcon', <path d="m5 12.5 4.5 4.5L19 7.5" />);
export const WrenchIcon = icon(
  'WrenchIcon',
  <path d="M14.5 6.5a4 4 0 0 1 5-3.9l-2.7 2.7 1.9 1.9 2.7-2.7a4 4 0 0 1-5.3 4.9L8.6 17a2.1 2.1 0 0 1-3-3l7.6-7.5Z" />,
);
export const HandIcon = icon(
  'HandIcon',
  <path d="M8 12V5.5a1.5 1.5 0 0 1 3 0V11m0-6.5a1.5 1.5 0 0 1 3 0V11m0-5a1.5 1.5 0 0 1 3 0v8a6 6 0 0 1-6 6h-1a6 6 0 0 1-5-2.7L3.5 14a1.5 1.5 0 0 1 2.4-1.8L8 14" />,
);
export const ShieldIcon = icon('ShieldIcon', <path d="M12 3.5 19 6v6c0 4-3 7-7 8.5C8 19 5 16 5 12V6Z" />);
export const ActionsIcon = icon(
  'ActionsIcon',
  <path d="M6 4v6m0 4v6m6-16v10m0 4v2m6-16v3m0 4v9M3.5 12h5m1 4h5m1-7h5" />,
);
export const PlaygroundIcon = icon(
  'PlaygroundIcon',
  <path d="M4 5h16v11H12l-4.5 4v-4H4zM8.5 9.5h7m-7 3h4" />,
);
export const PictureIcon = icon(
  'PictureIcon',
  <path d="M4 5h16v14H4zm0 11 4.5-4.5 3.5 3.5 3-3 5 4M15.5 9v.01" />,
);
export const RoutingIcon = icon(
  'RoutingIcon',
  <path d="M3 12h5c4 0 4-6 8-6h4M8 12c4 0 4 6 8 6h4m-3-15 3 3-3 3m0 6 3 3-3 3" />,
);
export const KeyIcon = icon(
  'KeyIcon',
  <>
    <circle cx="8" cy="15" r="4.5" />
    <path d="m11.5 11.5 8-8m-3.5 3.5 3 3m-6 0 2 2" />
  </>,
);
export const BenchIcon = icon('BenchIcon', <path d="M4 17a8.5 8.5 0 1 1 16 0M12 15l4-5.5M12 15h.01" />);
export const CacheIcon = icon('CacheIcon', <path d="M4 6h16M4 12h10M4 18h6m8-5v6m-2.5-2.5L18 19l2.5-2.5" />);
export const EvalsIcon = icon(
  'EvalsIcon',
  <path d="m3.5 6 1.5 1.5L8 4.5M3.5 13l1.5 1.5 3-3M4 19.5h3.5M11.5 6h9m-9 7h9m-9 6.5h9" />,
);
export const LogsIcon = icon('LogsIcon', <path d="m4 6 3 3-3 3M10 6h10M10 12h10M4 18h16" />);
export const MarkIcon = icon('MarkIcon', <path d="M6 3v18M6 4h12l-3 4 3 4H6" />);
export const DownloadIcon = icon('DownloadIcon', <path d="M12 4v11m-5-5 5 5 5-5M4 20h16" />);
export const ConsumersIcon = icon(
  'ConsumersIcon',
  <>
    <circle cx="9" cy="8" r="3.5" />
    <path d="M3 20c0-4 2.5-6 6-6s6 2 6 6M16 5a3.5 3.5 0 0 1 0 6.5M17.5 14.5c2.3.7 3.5 2.6 3.5 5.5" />
  </>,
);
