/** User agent of the ingest's requests to hosts. */
const WATCHER = 'boocontrol-ingest';

/** Whether the ingest sent it: it asks a model that has come what it is, which disturbs nobody and touches no figure. */
export const isWatcher = (source: string): boolean => source === WATCHER;
