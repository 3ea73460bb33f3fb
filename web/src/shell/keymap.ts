/** What the keyboard does, for the map on `?`. Keys of one line do the same. */
export const KEYMAP: readonly {
  where: string;
  keys: readonly { keys: readonly string[]; does: string }[];
}[] = [
  {
    where: 'Everywhere',
    keys: [
      { keys: ['Ctrl K', '⌘ K'], does: 'Find a host, a model, a page or a command' },
      { keys: ['?'], does: 'Show this map' },
      { keys: ['/'], does: 'Filter what the page shows' },
      { keys: ['Esc'], does: 'Close what is open' },
    ],
  },
  {
    where: 'Lists',
    keys: [
      { keys: ['j', '↓'], does: 'Next row' },
      { keys: ['k', '↑'], does: 'Row before' },
      { keys: ['Page ↓', 'Page ↑'], does: '20 rows on or back' },
      { keys: ['Enter'], does: 'Open the row' },
      { keys: ['Home', 'End'], does: 'First or last row of a table' },
    ],
  },
  {
    where: 'Activity',
    keys: [
      { keys: ['Space'], does: 'Pause, or follow again' },
      { keys: ['x'], does: 'Cancel the chosen request in flight' },
    ],
  },
  {
    where: 'Logs',
    keys: [
      { keys: ['Space'], does: 'Pause, or follow again' },
      { keys: ['End'], does: 'Follow the newest lines' },
      { keys: ['m'], does: 'Set a mark at this moment' },
    ],
  },
  {
    where: 'Playground',
    keys: [
      { keys: ['Ctrl Enter', '⌘ Enter'], does: 'Send the message' },
      { keys: ['Esc'], does: 'Stop the answers that are on their way' },
    ],
  },
];
