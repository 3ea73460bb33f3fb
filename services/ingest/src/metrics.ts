import { counter, gauge } from '@boocontrol/platform';

export const metrics = {
  connected: gauge('boo_ingest_hosts_connected', 'Hosts that this process is connected to'),
  held: gauge('boo_ingest_hosts_held', 'Hosts that this process holds the lease of'),
  facts: counter('boo_ingest_facts_total', 'Facts published', ['kind']),
  captures: counter('boo_ingest_captures_total', 'Captures by what became of them', ['outcome']),
  logLines: counter('boo_ingest_log_lines_total', 'Log lines published'),
  logLinesDropped: counter(
    'boo_ingest_log_lines_dropped_total',
    'Log lines that came faster than the bus takes them',
  ),
  unknown: counter('boo_ingest_unknown_messages_total', 'Stream messages of a type that is not known', [
    'provider',
  ]),
  bad: counter('boo_ingest_bad_items_total', 'Frames and rows that could not be read', ['provider', 'code']),
  attempts: counter('boo_ingest_connection_attempts_total', 'Connections tried', ['provider']),
  reconnects: counter('boo_ingest_connections_lost_total', 'Connections lost or not made', [
    'provider',
    'code',
  ]),
  reconciled: counter('boo_ingest_rows_reconciled_total', 'Request rows found by asking and not by an event'),
  gaps: counter('boo_ingest_gaps_total', 'Gaps stated', ['reason']),
};
