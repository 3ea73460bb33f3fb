import { Conversation, Headers, Raw } from './bodies';
import { LogView } from './LogView';
import { Meanwhile } from './Meanwhile';
import { Replay } from '../replay/Replay';
import { Routing } from './Routing';
import type { StoryView } from './story';

/** The views of a request, in the order in which the drawer offers them. */
export const STORY_VIEWS: readonly StoryView[] = [
  { id: 'conversation', name: 'Conversation', View: Conversation },
  { id: 'raw', name: 'Raw', View: Raw },
  { id: 'headers', name: 'Headers', View: Headers },
  { id: 'meanwhile', name: 'Meanwhile', View: Meanwhile },
  { id: 'log', name: 'Log', View: LogView },
  { id: 'replay', name: 'Replay', isWide: true, View: Replay },
  { id: 'routing', name: 'Routing', isOffered: ({ row }) => Boolean(row.dispatchId), View: Routing },
];
