import type { ControlMarks } from '@boocontrol/contracts';

type Marks = ControlMarks | null;

/** Whether lists and pickers leave it out; a model of a hidden host is hidden with it. @param model null: the host */
export function isHidden(marks: Marks, providerId: string, model: string | null = null): boolean {
  return (marks?.hidden ?? []).some(
    (each) => each.providerId === providerId && (each.model === null || each.model === model),
  );
}

export function isFavorite(marks: Marks, providerId: string, model: string): boolean {
  return (marks?.favorites ?? []).some((each) => each.providerId === providerId && each.model === model);
}
