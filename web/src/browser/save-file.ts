const REVOKE_MS = 60_000;

/** Gives text to the browser as a file. External system: its downloads. @param type with its charset */
export function saveFile(parts: readonly string[], name: string, type: string): void {
  const url = URL.createObjectURL(new Blob([...parts], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // Not every browser has read it when the click returns.
  setTimeout(() => URL.revokeObjectURL(url), REVOKE_MS);
}

/** "2026-11-22T09-30-00", for names of files. */
export const fileTime = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replaceAll(':', '-');
