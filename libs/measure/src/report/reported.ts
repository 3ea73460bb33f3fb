import type { Cell, Fingerprint, Result } from '@boocontrol/contracts';

/** What a report tells of a run: of the engine's own result, or of what a service keeps of it. */
export interface Reported extends Pick<Result, 'runId' | 'reason' | 'loadMs' | 'saturation' | 'rates'> {
  startedAt: string | null;
  suite: { name: string };
  fingerprint: Pick<Fingerprint, 'host' | 'hostKind' | 'hostVersion' | 'model' | 'engineBuild'>;
  cells: readonly ReportedCell[];
}

export interface ReportedCell extends Pick<Cell, 'name' | 'reason' | 'requests' | 'figures' | 'pollution'> {
  /** What else happened to the host meanwhile; absent: nobody looked. */
  contamination?: readonly { what: string }[];
}
