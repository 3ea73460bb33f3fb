import { isPictureUrl } from './read-sheet';
import type { Picture } from './types';

/** Of one file; as base64 it is a third more, and /v1 takes 64 MB. */
const MOST_BYTES = 5_000_000;
export const MOST_PICTURES = 8;
export const PICTURE_TYPES = 'image/png,image/jpeg,image/webp,image/gif';

export interface Gathered {
  pictures: readonly Picture[];
  /** Sentences. */
  problems: readonly string[];
}

/** Files as pictures that can be sent, beside those that are there. */
export async function gather(there: readonly Picture[], files: readonly File[]): Promise<Gathered> {
  const problems: string[] = [];
  const pictures = [...there];
  for (const file of files) {
    const problem = problemOf(file, pictures.length);
    if (problem !== null) {
      problems.push(problem);
      continue;
    }
    const url = await dataUrl(file);
    if (isPictureUrl(url)) pictures.push({ name: file.name, url });
    else problems.push(`${file.name} could not be read.`);
  }
  return { pictures, problems };
}

export function problemOf(
  { name, type, size }: Pick<File, 'name' | 'type' | 'size'>,
  count: number,
): string | null {
  if (!PICTURE_TYPES.split(',').includes(type)) return `${name} is no PNG, JPEG, WebP or GIF.`;
  if (size > MOST_BYTES) return `${name} is larger than 5 MB.`;
  return count >= MOST_PICTURES
    ? `${name} is one too many: a message takes ${MOST_PICTURES} pictures.`
    : null;
}

const dataUrl = (file: File): Promise<string> =>
  new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(typeof reader.result === 'string' ? reader.result : '');
    reader.onerror = () => resolve('');
    reader.readAsDataURL(file);
  });
